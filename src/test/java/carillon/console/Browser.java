package carillon.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Debian's Chromium, which `bin/find-chromium` installs where it is missing, and what it complains
/// of: scripts and styles that the policy forbids, files that are not there, errors of scripts.
final class Browser implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 60_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Browser(Path executable) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(executable)
                                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    static Browser open(Path notes) throws IOException, InterruptedException {
        var out = notes.resolve("chromium");
        var script = new ProcessBuilder("bin/find-chromium").redirectOutput(out.toFile());
        int code = script.redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        assertThat(code).as("bin/find-chromium finds or installs a Chromium").isZero();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        return new Browser(Path.of(Files.readString(out).strip()));
    }

    /// A window of somebody who has not been here before; earlier ones are closed, and their
    /// complaints forgotten.
    Page window() {
        chromium.contexts().forEach(BrowserContext::close);
        complaints.clear();
        var page = context().newPage();
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") || message.type().equals("warning")) {
                        complaints.add(message.text());
                    }
                });
        page.onPageError(complaints::add);
        return page;
    }

    /// A window of somebody who has signed in with this key, at the overview.
    Page signedIn(ConsoleServer server, String key) {
        var page = window();
        page.navigate(server.url("/console/sign-in"));
        page.getByLabel("API key").fill(key);
        press(page, "Sign in");
        page.waitForURL(server.url("/console"));
        return page;
    }

    /// What axe finds on the page that keeps people from using it: rules and places.
    static List<?> barriers(Page page) throws IOException {
        page.evaluate(axe());
        return (List<?>)
                page.evaluate(
                        "async () => (await axe.run(document, {resultTypes: ['violations']}))"
                                + ".violations.map(v => v.id + ': '"
                                + " + v.nodes.map(n => n.target.join(' ')).join(', '))");
    }

    private static String axe() throws IOException {
        var path = "/axe.min.js";
        try (var in = Browser.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button)).click();
    }

    private BrowserContext context() {
        var context = chromium.newContext();
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.setDefaultNavigationTimeout(PATIENCE_MILLIS);
        return context;
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
