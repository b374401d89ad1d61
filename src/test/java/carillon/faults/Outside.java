package carillon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A running [OutsideLedger].
final class Outside implements AutoCloseable {
    private final Process process;
    private final String target;

    private Outside(Process process, String target) {
        this.process = process;
        this.target = target;
    }

    /// Starts one that writes to `log`.
    static Outside start(Path folder, Path log) throws IOException, InterruptedException {
        var portFile = folder.resolve("outside.port");
        Files.deleteIfExists(portFile);
        var process =
                ServerProcess.java(
                        portFile, OutsideLedger.class.getName(), List.of(log.toString()));
        while (!Files.exists(portFile) || !Files.readString(portFile).endsWith("\n")) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the outside ledger did not start");
            }
        }
        var port = Files.readString(portFile).strip();
        return new Outside(process, "http://127.0.0.1:" + port + "/");
    }

    /// Where webhooks are to be sent.
    String target() {
        return target;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
