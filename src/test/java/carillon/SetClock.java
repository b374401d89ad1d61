package carillon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The program with a clock that is off by as many seconds as a file says, which may change while
/// it runs. The file is named by the environment's `FAULTS_CLOCK_FILE`.
final class SetClock {
    private static volatile Duration offset = Duration.ZERO;

    private SetClock() {}

    public static void main(String[] arguments) throws IOException {
        var file = Path.of(System.getenv("FAULTS_CLOCK_FILE"));
        read(file);
        Thread.ofPlatform().daemon().start(() -> readOnAndOn(file));
        InstantSource real = InstantSource.system();
        System.exit(Main.commandLine(() -> real.instant().plus(offset)).execute(arguments));
    }

    private static void read(Path file) throws IOException {
        offset = Duration.ofSeconds(Long.parseLong(Files.readString(file).strip()));
    }

    private static void readOnAndOn(Path file) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(50);
                read(file);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the clock cannot be set any more", e);
        }
    }
}
