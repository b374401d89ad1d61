package carillon.console;

import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;
import java.util.Optional;

/// Makes pages of templates. Whatever is put into one is escaped for the place where it stands.
final class Pages {
    static final String HTML = "text/html; charset=utf-8";

    /// Nothing but what comes from this server, in no frame; the charts' pictures of themselves may
    /// stand in the page.
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none';"
                            + " form-action 'self'; frame-ancestors 'none'",
                    "Referrer-Policy",
                    "same-origin",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin");

    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(ContentType.Html);

    private Pages() {}

    /// The page `template` within the frame that all pages share.
    static Answer page(Call call, String title, String template, Object view) {
        return page(200, call, title, template, view);
    }

    /// The same with another status, for pages that say why something was not done.
    static Answer page(int status, Call call, String title, String template, Object view) {
        boolean administers = call.may(Permission.ADMINISTER);
        var frame = new Frame(title, Optional.of(call.caller()), administers);
        return page(status, frame, template, view);
    }

    private static Answer page(int status, Frame frame, String template, Object view) {
        var output = new StringOutput();
        TEMPLATES.render(template, Map.of("frame", frame, "view", view), output);
        return new Answer(status, output.toString(), HTML, HEADERS);
    }

    /// A part of a page, for one that asks for it while it is looked at.
    static Answer fragment(String template, Object view) {
        return new Answer(200, part(template, view), HTML, HEADERS);
    }

    /// The part of a page that `template` is, for pages that change while they are looked at.
    static String part(String template, Object view) {
        var output = new StringOutput();
        TEMPLATES.render(template, Map.of("view", view), output);
        return output.toString();
    }

    /// The page to sign in; `problem` says why that has failed, if it has.
    static Answer signIn(int status, String problem) {
        var frame = new Frame("Sign in", Optional.empty(), false);
        return page(status, frame, "sign-in.jte", new ProblemView(problem, ""));
    }

    static Answer problem(Refusal refusal, String requestId) {
        var frame = new Frame("It did not work", Optional.empty(), false);
        var view = new ProblemView(refusal.message(), requestId);
        return page(refusal.kind().status(), frame, "problem.jte", view)
                .withHeaders(refusal.headers());
    }

    /// Leads the browser to another page of the console, which it gets anew.
    static Answer seeOther(String path) {
        return new Answer(
                303, "", "text/plain; charset=utf-8", Map.of("Location", ConsoleApi.PREFIX + path));
    }
}
