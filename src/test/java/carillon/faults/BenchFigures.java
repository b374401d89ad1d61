package carillon.faults;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Runs one of the program's own benches in a process of its own, as it is shipped or [Planted].
final class BenchFigures {
    private BenchFigures() {}

    /// What the bench says, with its data in the trial's folder.
    static JsonNode of(Trial trial, String... bench) throws IOException, InterruptedException {
        var log = trial.folder().resolve("bench.json");
        var arguments = new ArrayList<String>();
        arguments.add("bench");
        arguments.addAll(List.of(bench));
        arguments.addAll(List.of("--json", "--data", trial.folder().toString()));
        int exit = ServerProcess.java(log, "carillon.Main", arguments).waitFor();
        var said = Files.readString(log);
        if (exit != 0) {
            throw new IOException("the bench ended with " + exit + ": " + said);
        }
        return Json.readObject(
                said.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow());
    }
}
