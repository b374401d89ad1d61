package carillon.courier;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The folder that processors write in. Each folder on the way is opened in the one before it and
/// no link is followed, so that no path and nothing that others put into the root leads out of it.
public final class FilesRoot {
    private final Path root;

    private FilesRoot(Path root) {
        this.root = root;
    }

    /// The folder must exist; it may itself be a link. Throws [UncheckedIOException].
    public static FilesRoot of(Path folder) {
        try {
            return new FilesRoot(folder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("looking for files.root " + folder, e);
        }
    }

    private interface Work {
        void in(SecureDirectoryStream<Path> folder, Path name) throws IOException;
    }

    /// Puts a file with this text in the place of what the path leads to, in one step. `id` names
    /// the file while it is written.
    void replace(String path, String text, String id) throws IOException {
        in(
                path,
                (folder, name) -> {
                    requireFile(folder, name);
                    var draft = Path.of(".carillon-" + id);
                    deleteIfThere(folder, draft);
                    try (var file = open(folder, draft, CREATE_NEW)) {
                        write(file, text);
                    }
                    folder.move(draft, folder, name);
                });
    }

    /// Writes the text behind what is in the file, which is made if need be.
    void append(String path, String text) throws IOException {
        in(
                path,
                (folder, name) -> {
                    requireFile(folder, name);
                    try (var file = open(folder, name, CREATE, APPEND)) {
                        write(file, text);
                    }
                });
    }

    private static SeekableByteChannel open(
            SecureDirectoryStream<Path> folder, Path name, OpenOption... how) throws IOException {
        var options = new HashSet<OpenOption>(List.of(how));
        options.add(WRITE);
        options.add(NOFOLLOW_LINKS);
        return folder.newByteChannel(name, options);
    }

    private static void write(SeekableByteChannel file, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        if (file instanceof FileChannel channel) {
            channel.force(true);
        }
    }

    private static void deleteIfThere(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        try {
            folder.deleteFile(name);
        } catch (NoSuchFileException _) {
            // As it should be: no earlier try was broken off.
        }
    }

    /// What is there must be a file: not a link, a pipe, a device or a folder.
    private static void requireFile(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        var what = attributes(folder, name);
        if (what.isPresent() && !what.get().isRegularFile()) {
            throw new RefusedFileException("the path leads to what is no plain file");
        }
    }

    /// Goes to the folder of `path`, making folders on the way.
    private void in(String path, Work work) throws IOException {
        var names = List.of(path.split("/", -1));
        try (var folder = Files.newDirectoryStream(root)) {
            if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
                throw new RefusedFileException(
                        "files are written only where a folder can be opened inside another");
            }
            in(secure, root, names, work);
        }
    }

    private static void in(
            SecureDirectoryStream<Path> folder, Path where, List<String> names, Work work)
            throws IOException {
        var name = Path.of(names.getFirst());
        if (names.size() == 1) {
            work.in(folder, name);
            return;
        }
        var inner = where.resolve(name);
        if (attributes(folder, name).isEmpty()) {
            makeFolder(inner);
        }
        requireFolder(folder, name);
        try (var next = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
            in(next, inner, names.subList(1, names.size()), work);
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException _) {
            // Another delivery was faster; what it is, is looked at next.
        }
    }

    private static void requireFolder(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        var what = attributes(folder, name);
        if (what.isPresent() && !what.get().isDirectory()) {
            throw new RefusedFileException("the path leads through what is no folder");
        }
    }

    private static Optional<BasicFileAttributes> attributes(
            SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return Optional.of(
                    folder.getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                            .readAttributes());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
