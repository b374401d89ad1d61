package carillon.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Programs of the system that break things.
final class Commands {
    private Commands() {}

    /// Runs one to its end; returns what it said. Throws when it fails.
    static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(List.of(command) + " ended with " + exit + ": " + said.strip());
        }
        return said;
    }
}
