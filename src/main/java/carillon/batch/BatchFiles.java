package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.action.BatchFile;
import carillon.json.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Where the files of batches lie: below one folder, with no link on the way.
public final class BatchFiles {
    private final Path root;

    /// `root` must exist; it may itself be a link.
    public BatchFiles(Path root) {
        this.root = requireNonNull(root, "root");
    }

    /// Where a path leads.
    public sealed interface Found {
        record At(Path place) implements Found {}

        /// It does not lead where it must. The reason is for people.
        record Astray(String reason) implements Found {}
    }

    /// The file that `path` leads to from the root, there or not; the folders on the way must be.
    public Found find(String path) {
        Path place;
        try {
            place = root.toRealPath();
        } catch (IOException e) {
            return new Found.Astray("the folder for files cannot be read: " + e.getMessage());
        }
        var names = path.split("/", -1);
        for (int i = 0; i < names.length; i++) {
            place = place.resolve(names[i]);
            boolean last = i == names.length - 1;
            if (last && !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                return new Found.At(place);
            }
            if (last && !Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
                return new Found.Astray(path + " is no plain file");
            }
            if (!last && !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                return new Found.Astray(
                        path + " leads through " + names[i] + ", which is no folder");
            }
        }
        return new Found.At(place);
    }

    /// Notes at `input` and `output` why a batch that began now could not read the one or write the
    /// other. Nothing of what the input says is looked at.
    public void check(BatchFile batch, Problems problems) {
        switch (find(batch.input())) {
            case Found.Astray(var reason) -> problems.add("input", reason);
            case Found.At(var place) when !Files.exists(place) ->
                    problems.add("input", "there is no file " + batch.input() + " to read");
            case Found.At _ -> {}
        }
        if (find(batch.output()) instanceof Found.Astray(var reason)) {
            problems.add("output", reason);
        }
    }
}
