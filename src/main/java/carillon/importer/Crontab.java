package carillon.importer;

import carillon.importer.Imports.Kind;
import carillon.importer.Imports.Wanted;
import carillon.json.Json;
import java.net.URI;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A user's crontab: commands that are one `curl` call become HTTP tasks; every other line is left,
/// with the reason. `CRON_TZ` and `TZ` hold for the lines after them; `%` ends the command and
/// begins what it reads.
public final class Crontab {
    private static final Pattern SETTING =
            Pattern.compile("\\s*(\"[^\"]+\"|'[^']+'|[A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern MACRO = Pattern.compile("\\s*(@\\S+)\\s+(\\S.*)");
    private static final Pattern FIELDS =
            Pattern.compile("\\s*(\\S+\\s+\\S+\\s+\\S+\\s+\\S+\\s+\\S+)\\s+(\\S.*)");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(\\S*)\\s+(.*)", Pattern.DOTALL);
    private static final int MAX_NAME = 150;

    private final Imports.Gathering found = new Imports.Gathering();
    private final Map<String, String> variables = new HashMap<>();
    private Optional<ZoneId> zone;
    private Optional<String> zoneFault = Optional.empty();

    private Crontab(Optional<ZoneId> zone) {
        this.zone = zone;
    }

    /// `zone` is meant where the file names none; without it, the server's.
    public static Imports read(String text, Optional<ZoneId> zone) {
        var crontab = new Crontab(zone);
        int number = 0;
        for (var line : text.lines().toList()) {
            crontab.read(++number, line);
        }
        return crontab.found.done();
    }

    private void read(int number, String line) {
        if (line.isBlank() || line.strip().startsWith("#")) {
            return;
        }
        try {
            var setting = SETTING.matcher(line);
            if (setting.matches()) {
                set(unquoted(setting.group(1)), unquoted(setting.group(2).strip()));
            } else {
                entry(number, line);
            }
        } catch (NotImportedException e) {
            found.leave(number, shown(line), e.reason());
        }
    }

    private static String unquoted(String text) {
        boolean quoted =
                text.length() > 1
                        && ((text.startsWith("\"") && text.endsWith("\""))
                                || (text.startsWith("'") && text.endsWith("'")));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private void set(String name, String value) {
        variables.put(name, value);
        if (!name.equals("CRON_TZ") && !name.equals("TZ")) {
            return;
        }
        try {
            zone = Optional.of(Lines.zone(value));
            zoneFault = Optional.empty();
        } catch (NotImportedException e) {
            zoneFault = Optional.of(e.reason());
            throw e;
        }
    }

    private void entry(int number, String line) {
        var macro = MACRO.matcher(line);
        var fields = FIELDS.matcher(line);
        if (macro.matches()) {
            if (macro.group(1).equalsIgnoreCase("@reboot")) {
                throw new NotImportedException("runs when a machine starts, and at no time");
            }
            command(number, macro.group(1), macro.group(2));
        } else if (fields.matches()) {
            command(number, fields.group(1).replaceAll("\\s+", " "), fields.group(2));
        } else {
            throw new NotImportedException("is no line of a crontab: too few fields");
        }
    }

    private void command(int number, String cron, String text) {
        var schedule = Lines.schedule(cron, zone);
        zoneFault.ifPresent(
                fault -> {
                    throw new NotImportedException("stands under a bad time zone: " + fault);
                });
        var parts = Percents.of(text);
        var call = curl(parts.command(), parts.input());
        var task = Json.object();
        task.put("name", name(call, cron, text));
        task.put("description", "Imported from line " + number + " of a crontab");
        task.set("schedule", schedule);
        call.putInto(task);
        task.putArray("tags").add("crontab");
        Lines.check(task);
        found.want(new Wanted(Kind.TASK, number, task.path("name").asText(), task));
        call.notes().forEach(note -> found.note(number, note));
    }

    private CurlCall curl(String command, Optional<String> input) {
        var known = new HashMap<>(variables);
        var rest = command;
        var assignment = ASSIGNMENT.matcher(rest);
        while (assignment.matches()) {
            known.put(assignment.group(1), unquoted(assignment.group(2)));
            rest = assignment.group(3);
            assignment = ASSIGNMENT.matcher(rest);
        }
        if (!rest.matches("(?s)(\\S*/)?curl(\\s.*)?")) {
            throw new NotImportedException("is no curl call");
        }
        var words = ShellWords.of(rest, known);
        return CurlCall.of(words.subList(1, words.size()), input);
    }

    /// The same for the same line, and no other: that is how a second import knows it.
    private String name(CurlCall call, String cron, String text) {
        var mark = Lines.mark(cron, zone.map(ZoneId::getId).orElse(""), text);
        var what = call.method() + " " + target(call.url());
        var cut = what.length() > MAX_NAME ? what.substring(0, MAX_NAME) + "…" : what;
        return cut + " (" + mark + ")";
    }

    /// Host and path, without the user and the query, which can hold secrets.
    private static String target(String url) {
        try {
            var parts = URI.create(url);
            return Optional.ofNullable(parts.getHost()).orElse("")
                    + Optional.ofNullable(parts.getPath()).orElse("");
        } catch (IllegalArgumentException _) {
            throw new NotImportedException("has a bad address");
        }
    }

    /// The schedule and the command's first word: the rest can hold secrets.
    private static String shown(String line) {
        var macro = MACRO.matcher(line);
        var fields = FIELDS.matcher(line);
        if (macro.matches()) {
            return macro.group(1) + " " + firstWord(macro.group(2));
        }
        if (fields.matches()) {
            return fields.group(1) + " " + firstWord(fields.group(2));
        }
        var setting = SETTING.matcher(line);
        return setting.matches() ? setting.group(1) + "=…" : Lines.shown(firstWord(line.strip()));
    }

    private static String firstWord(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? Lines.shown(text) : Lines.shown(text.substring(0, end)) + " …";
    }
}
