package carillon.demo;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The tasks of the demo, in the JSON of the native API: one of each kind of schedule, and the
/// policies that a first look should show.
final class SampleTasks {
    private final Receiver receiver;
    private final Instant now;

    SampleTasks(Receiver receiver, Instant now) {
        this.receiver = receiver;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    List<String> definitions() {
        return List.of(
                task("cron, every five seconds", "{\"cron\":\"*/5 * * * * *\"}", "/ok", ""),
                task("every two seconds", "{\"every\":\"2s\"}", "/ok", ""),
                task("daily, in a few seconds", calendar("daily", "", 4), "/ok", ""),
                task("weekly, in a few seconds", calendar("weekly", dayOfWeek(6), 6), "/ok", ""),
                task("monthly, in a few seconds", calendar("monthly", dayOfMonth(8), 8), "/ok", ""),
                task("once", "{\"at\":\"" + now.plusSeconds(3) + "\"}", "/ok", ""),
                task(
                        "flaky target, retried",
                        "{\"every\":\"6s\"}",
                        "/flaky",
                        ",\"retry\":{\"attempts\":3,\"initial\":\"500ms\"}"),
                task(
                        "slow target, no overlap",
                        "{\"every\":\"2s\"}",
                        "/slow",
                        ",\"concurrency\":\"forbid\""),
                prompt(),
                workflow());
    }

    /// Put to a model that costs nothing and calls nobody, whatever keys there are. The answer goes
    /// into a file and to a webhook.
    private String prompt() {
        return """
               {"name":"prompt to a model","schedule":{"every":"4s"},
                "action":{"prompt":{"model":"echo","text":"Greet whoever reads this."}},
                "processors":[
                 {"type":"file","config":{"path":"greetings/{{run_id}}.txt"}},
                 {"type":"webhook","config":{"url":"%s","secret":"whsec_ZGVtbw=="}}]}
               """
                .formatted(receiver.url("/ok"));
    }

    /// What one step brings, the next one works on; the last is done only where a condition holds.
    private String workflow() {
        return """
               {"name":"workflow of four steps","schedule":{"every":"5s"},
                "action":{"workflow":{"shape":"linear","steps":[
                 {"name":"fetch","order":1,"action":{"http":{"url":"%1$s","method":"POST"}}},
                 {"name":"sum up","order":2,"inputs":{"state":"steps.fetch.state"},
                  "action":{"prompt":{"model":"echo","text":"The page was fetched: {{state}}."}}},
                 {"name":"publish","order":3,"inputs":{"text":"steps.sum up.output"},
                  "action":{"http":{"url":"%1$s","method":"POST"}}},
                 {"name":"alarm","order":4,
                  "when":{"path":"steps.fetch.state","op":"ne","value":"succeeded"},
                  "action":{"http":{"url":"%1$s","method":"POST"}}}]}}}
               """
                .formatted(receiver.url("/ok"));
    }

    private String task(String name, String schedule, String path, String policies) {
        return """
               {"name":"%s","schedule":%s,
                "action":{"http":{"url":"%s","method":"POST","body":{"hello":"carillon"}}}%s}
               """
                .formatted(name, schedule, receiver.url(path), policies);
    }

    private String calendar(String frequency, String day, int seconds) {
        var time = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
        return "{\"frequency\":\"%s\",\"time\":\"%s\",\"timezone\":\"UTC\"%s}"
                .formatted(frequency, time.format(now.plusSeconds(seconds)), day);
    }

    private String dayOfWeek(int seconds) {
        var day = now.plusSeconds(seconds).atOffset(ZoneOffset.UTC).getDayOfWeek();
        return ",\"day_of_week\":" + day.getValue() % 7;
    }

    private String dayOfMonth(int seconds) {
        return ",\"day_of_month\":"
                + now.plusSeconds(seconds).atOffset(ZoneOffset.UTC).getDayOfMonth();
    }
}
