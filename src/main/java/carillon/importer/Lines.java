package carillon.importer;

import carillon.json.Json;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.schedule.DstPolicy;
import carillon.schedule.ScheduleException;
import carillon.schedule.Schedules;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/// What the formats have in common.
final class Lines {
    private static final int MARK_LENGTH = 8;
    private static final int MAX_SHOWN = 60;

    private Lines() {}

    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException _) {
            throw new NotImportedException("there is no time zone '" + text + "'");
        }
    }

    /// The schedule in native JSON, once it has been found good.
    static ObjectNode schedule(String cron, Optional<ZoneId> zone) {
        try {
            Schedules.cron(cron, zone.orElse(ZoneOffset.UTC), DstPolicy.DEFAULT, 0, Instant.EPOCH);
        } catch (ScheduleException e) {
            throw new NotImportedException("bad schedule '" + cron + "': " + e.getMessage());
        }
        var schedule = Json.object().put("cron", cron);
        zone.ifPresent(known -> schedule.put("timezone", known.getId()));
        return schedule;
    }

    /// A mark that is the same for the same texts, so that names made with it are too.
    static String mark(String... texts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var bytes = String.join("\0", texts).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(digest.digest(bytes)).substring(0, MARK_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Finds what the server would refuse, as far as it can be known without it.
    static void check(ObjectNode task) {
        var problems = new Problems();
        var context = ReadContext.sent(new TaskId(1), Instant.EPOCH, ZoneOffset.UTC);
        if (TaskJson.read(task, context, problems).isEmpty()) {
            throw new NotImportedException(
                    String.join("; ", problems.list().stream().map(Problem::toString).toList()));
        }
    }

    /// The beginning of a line, for people.
    static String shown(String text) {
        var line = text.strip();
        return line.length() > MAX_SHOWN ? line.substring(0, MAX_SHOWN) + "…" : line;
    }
}
