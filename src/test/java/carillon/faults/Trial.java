package carillon.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A promise put to the test: where that works, how long it may take, and what was wrong.
///
/// Arguments are the folder, then words of the test's own, `--short`, `--busy` on a machine that
/// does other things too (then no duration is judged), and `--plant NAME`, which runs the servers
/// with a bug ([Planted]). The last line that is printed is `PROMISE | figure | PASS`, or `FAIL`,
/// which `faults/run` collects.
final class Trial {
    private static final int SHOWN = 20;

    private final Path folder;
    private final boolean isShort;
    private final boolean isBusy;
    private final List<String> words;
    private final PrintStream out;
    private final List<String> faults = new ArrayList<>();

    /// What is done; returns the figure, in words.
    interface Test {
        String run(Trial trial) throws IOException, InterruptedException;
    }

    private Trial(
            Path folder, boolean isShort, boolean isBusy, List<String> words, PrintStream out) {
        this.folder = folder;
        this.isShort = isShort;
        this.isBusy = isBusy;
        this.words = words;
        this.out = out;
    }

    /// A short one without words on a busy machine, as JUnit runs it.
    static Trial small(Path folder) {
        return new Trial(folder, true, true, List.of(), System.out);
    }

    /// Runs a test as a program: never returns.
    static void main(String promise, String[] arguments, Test test)
            throws IOException, InterruptedException {
        var folder = Path.of(arguments[0]);
        var isShort = false;
        var isBusy = false;
        Optional<String> plant = Optional.empty();
        var words = new ArrayList<String>();
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--short" -> isShort = true;
                case "--busy" -> isBusy = true;
                case "--plant" -> plant = Optional.of(arguments[++i]);
                default -> words.add(arguments[i]);
            }
        }
        if (plant.isPresent()) {
            Planted.named(plant.get()).plant(folder.resolve("planted"));
            System.out.println("planted: " + plant.get());
        }
        var trial = new Trial(folder, isShort, isBusy, words, System.out);
        System.exit(trial.judge(promise, test) ? 0 : 1);
    }

    private boolean judge(String promise, Test test) throws InterruptedException {
        var figure = "it broke off";
        try {
            Files.createDirectories(folder);
            figure = test.run(this);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(out);
            fault("broke off: " + e);
        }
        var found = faults();
        found.stream().limit(SHOWN).forEach(fault -> out.println("FAULT " + fault));
        if (found.size() > SHOWN) {
            out.println("and " + (found.size() - SHOWN) + " faults more");
        }
        out.printf("%s | %s | %s%n", promise, figure, found.isEmpty() ? "PASS" : "FAIL");
        return found.isEmpty();
    }

    Path folder() {
        return folder;
    }

    boolean isShort() {
        return isShort;
    }

    /// The word at `index` among the test's own, else what holds for a short or a whole run.
    int number(int index, int whenShort, int whenWhole) {
        if (index < words.size()) {
            return Integer.parseInt(words.get(index));
        }
        return isShort ? whenShort : whenWhole;
    }

    /// The word at `index`, which must be there.
    String word(int index) {
        return words.get(index);
    }

    synchronized void fault(String fault) {
        faults.add(fault);
    }

    void faults(Collection<String> more) {
        more.forEach(this::fault);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /// Checks that something took no longer than it may, unless the machine is busy.
    void atMost(Duration most, Duration took, String what) {
        if (!isBusy && took.compareTo(most) > 0) {
            fault(what + " took " + took.toMillis() + " ms, more than " + most.toMillis());
        }
    }

    /// Checks something that is true or not.
    void check(boolean right, String otherwise) {
        if (!right) {
            fault(otherwise);
        }
    }

    void say(String sentence) {
        out.println(sentence);
    }
}
