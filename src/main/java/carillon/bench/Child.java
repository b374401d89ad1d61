package carillon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This program once more, in a process of its own with the same options of the JVM.
final class Child implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 40;

    private final Process process;
    private final BufferedReader output;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static Child start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /// With more options of the JVM.
    static Child start(List<String> options, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.add("--enable-native-access=ALL-UNNAMED"); // As the manifest of the jar says.
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "carillon.Main"));
        command.addAll(List.of(arguments));
        return new Child(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /// The next line that it prints.
    String readLine() throws IOException {
        var line = output.readLine();
        if (line == null) {
            throw new IOException("the process ended early");
        }
        return line;
    }

    int await() throws InterruptedException {
        return process.waitFor();
    }

    /// The memory that it has in use by the operating system's account, in MiB.
    double residentMib() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                var kib = line.replaceAll("[^0-9]", "");
                return Long.parseLong(kib, 10) / 1024.0;
            }
        }
        throw new IOException("the system does not tell the memory of process " + process.pid());
    }

    /// The processor time that it has used so far.
    double cpuSeconds() throws IOException {
        return process.info()
                        .totalCpuDuration()
                        .orElseThrow(
                                () -> new IOException("the system does not tell processor times"))
                        .toNanos()
                / 1e9;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        output.close();
    }
}
