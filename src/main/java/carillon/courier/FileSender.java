package carillon.courier;

import carillon.outbox.Carried;
import carillon.processor.FilePath;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// Writes a file under the root: whole in the place of what was there, or behind it.
final class FileSender implements Sender {
    private static final Logger log = System.getLogger(FileSender.class.getName());

    private final Optional<FilesRoot> root;

    FileSender(Optional<FilesRoot> root) {
        this.root = root;
    }

    @Override
    public Carried send(Parcel parcel) {
        if (root.isEmpty()) {
            return new Carried.Refused("files.root is not set");
        }
        var path = parcel.render(parcel.config("path"), FilePath::plain);
        var fault = FilePath.fault(path);
        if (fault.isPresent()) {
            return new Carried.Refused("the path " + fault.get());
        }
        var text = parcel.text();
        boolean appends = parcel.optionalConfig("mode").equals(Optional.of("append"));
        try {
            if (appends) {
                root.get().append(path, text);
            } else {
                root.get().replace(path, text, parcel.id());
            }
            return new Carried.Done();
        } catch (RefusedFileException e) {
            return new Carried.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.log(Level.DEBUG, "delivery " + parcel.delivery().id() + " could not be written", e);
            return new Carried.Failed(
                    "the file could not be written: " + e.getClass().getSimpleName(),
                    Optional.empty());
        }
    }
}
