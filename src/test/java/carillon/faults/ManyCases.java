package carillon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Runs a class that plays many random cases in a process of its own, with what is [Planted].
final class ManyCases {
    private ManyCases() {}

    /// Its last line must be of that form; those before it are faults, as far as they are not log
    /// entries.
    static MatchResult play(Trial trial, String mainClass, int count, Pattern figures)
            throws IOException, InterruptedException {
        var log = trial.folder().resolve("cases.log");
        var process = ServerProcess.java(log, mainClass, List.of(Integer.toString(count)));
        int exit = process.waitFor();
        var lines = Files.readAllLines(log);
        var last = lines.isEmpty() ? "nothing" : lines.getLast();
        var matcher = figures.matcher(last);
        if (exit != 0 || !matcher.matches()) {
            throw new IOException(mainClass + " ended with " + exit + ", saying " + last);
        }
        lines.stream()
                .limit(lines.size() - 1L)
                .filter(line -> line.matches("[\\w.]+(Error|Exception)\\b.*"))
                .forEach(trial::fault);
        return matcher.toMatchResult();
    }
}
