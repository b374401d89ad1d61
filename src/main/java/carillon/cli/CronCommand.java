package carillon.cli;

import static java.util.Objects.requireNonNull;

import carillon.schedule.DstPolicy;
import carillon.schedule.DstPolicy.Gap;
import carillon.schedule.DstPolicy.Overlap;
import carillon.schedule.Every;
import carillon.schedule.FireTime;
import carillon.schedule.FireTime.DstMark;
import carillon.schedule.Schedule;
import carillon.schedule.ScheduleException;
import carillon.schedule.Schedules;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `carillon cron`: what an expression means and when it fires, without a server. Exits 0, or 2
/// with the fault pointed out when the text is no expression.
@Command(
        name = "cron",
        description = "Explains cron expressions and lists their fire times.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class CronCommand implements Runnable {
    private static final int BAD_EXPRESSION = 2;
    private static final int MOST = 10_000;
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss.SSS", Locale.ENGLISH);

    private final InstantSource time;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// `time` decides what "now" is where `--from` is not given.
    public CronCommand(InstantSource time) {
        this.time = requireNonNull(time, "time");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /// Lists the fire times after `--from`.
    @Command(
            name = "next",
            description = "Lists the next fire times.",
            mixinStandardHelpOptions = true)
    int next(@Mixin Expression expression, @Mixin Range range) {
        return list(expression, range, true);
    }

    /// Lists the fire times before `--from`, the latest first.
    @Command(
            name = "previous",
            description = "Lists the last fire times, the latest first.",
            mixinStandardHelpOptions = true)
    int previous(@Mixin Expression expression, @Mixin Range range) {
        return list(expression, range, false);
    }

    /// Says in one sentence what the expression means.
    @Command(
            name = "explain",
            description = "Says in plain English what an expression means.",
            mixinStandardHelpOptions = true)
    int explain(@Mixin Expression expression) {
        try {
            out().println(expression.read(time.instant()).describe());
            return 0;
        } catch (ScheduleException e) {
            return refuse(expression, e);
        }
    }

    private int list(Expression expression, Range range, boolean forward) {
        if (range.count < 1 || range.count > MOST) {
            throw new ParameterException(spec.commandLine(), "--count must be 1 to " + MOST);
        }
        Schedule schedule;
        var from = range.from.orElseGet(time::instant);
        try {
            schedule = expression.read(from);
        } catch (ScheduleException e) {
            return refuse(expression, e);
        }
        var found = new ArrayList<FireTime>();
        var at = from;
        while (found.size() < range.count) {
            var one = forward ? schedule.next(at) : schedule.previous(at);
            if (one.isEmpty()) {
                break;
            }
            found.add(one.get());
            at = one.get().at();
        }
        var zone = schedule instanceof Every ? expression.zone : schedule.zone();
        if (range.json) {
            printJson(schedule, zone, found);
        } else {
            printLines(schedule, zone, found);
        }
        return 0;
    }

    private void printLines(Schedule schedule, ZoneId zone, List<FireTime> found) {
        out().println(schedule.describe());
        for (var fireTime : found) {
            var local = fireTime.at().atZone(zone);
            var dst = dst(fireTime).map(mark -> "  " + mark).orElse("");
            out().println(
                            "%s  %s %s%s%s"
                                    .formatted(
                                            fireTime.at(),
                                            LOCAL.format(local).replace(".000", ""),
                                            local.getOffset().getId(),
                                            dst,
                                            fireTime.runs() ? "" : " (skipped)"));
        }
        if (found.isEmpty()) {
            out().println("no fire times");
        }
    }

    /// The shape of `/schedules/preview`.
    private void printJson(Schedule schedule, ZoneId zone, List<FireTime> found) {
        var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        var answer = json.createObjectNode();
        var data = answer.putArray("data");
        for (var fireTime : found) {
            var local = fireTime.at().atZone(zone);
            ObjectNode one = data.addObject();
            one.put("instant", fireTime.at().toString());
            one.put("local", DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local));
            one.put("offset", local.getOffset().getId());
            dst(fireTime).ifPresentOrElse(mark -> one.put("dst", mark), () -> one.putNull("dst"));
            one.put("runs", fireTime.runs());
        }
        answer.put("description", schedule.describe());
        out().println(answer.toPrettyString());
    }

    private static Optional<String> dst(FireTime fireTime) {
        return fireTime.mark() == DstMark.NONE
                ? Optional.empty()
                : Optional.of(fireTime.mark().name().toLowerCase(Locale.ROOT));
    }

    private int refuse(Expression expression, ScheduleException fault) {
        var err = spec.commandLine().getErr();
        err.println(fault.getMessage());
        err.println("  " + expression.text.replace('\t', ' ').replace('\n', ' '));
        err.println("  " + " ".repeat(fault.position()) + "^");
        return BAD_EXPRESSION;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /// The expression and what decides its meaning.
    static final class Expression {
        @Parameters(
                paramLabel = "EXPRESSION",
                description = "Cron text in quotes, such as \"0 9 * * MON-FRI\" or \"@every 90s\".")
        private String text = "";

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                defaultValue = "UTC",
                description = "The time zone (default: ${DEFAULT-VALUE}).")
        private ZoneId zone = ZoneOffset.UTC;

        @Option(
                names = "--gap",
                defaultValue = "run_after",
                converter = GapReader.class,
                description = "Local times that do not exist: run_after or skip.")
        private Gap gap = Gap.RUN_AFTER;

        @Option(
                names = "--overlap",
                defaultValue = "first",
                converter = OverlapReader.class,
                description = "Local times that exist twice: first or both.")
        private Overlap overlap = Overlap.FIRST;

        @Option(
                names = "--spread",
                paramLabel = "NUMBER",
                defaultValue = "0",
                description = "What H is picked by (default: ${DEFAULT-VALUE}).")
        private long spread;

        Schedule read(Instant anchor) {
            return Schedules.cron(text, zone, new DstPolicy(gap, overlap), spread, anchor);
        }
    }

    static final class GapReader implements ITypeConverter<Gap> {
        @Override
        public Gap convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "run_after" -> Gap.RUN_AFTER;
                case "skip" -> Gap.SKIP;
                default -> throw new TypeConversionException("expected run_after or skip");
            };
        }
    }

    static final class OverlapReader implements ITypeConverter<Overlap> {
        @Override
        public Overlap convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "first" -> Overlap.FIRST;
                case "both" -> Overlap.BOTH;
                default -> throw new TypeConversionException("expected first or both");
            };
        }
    }

    /// Which fire times to list, and how.
    static final class Range {
        @Option(
                names = "--from",
                paramLabel = "INSTANT",
                description = "After (or before) which instant; default: now.")
        private Optional<Instant> from = Optional.empty();

        @Option(
                names = "--count",
                paramLabel = "N",
                defaultValue = "5",
                description = "How many (default: ${DEFAULT-VALUE}).")
        private int count;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;
    }
}
