package carillon.courier;

import carillon.outbox.Carried;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Writes one line to the log, whatever the output holds.
final class ConsoleSender implements Sender {
    private static final Logger log = System.getLogger("carillon.processor.console");
    private static final int MAX_LENGTH = 8_000;

    @Override
    public Carried send(Parcel parcel) {
        log.log(Level.INFO, "{0}", line(parcel.text()));
        return new Carried.Done();
    }

    /// Control characters could forge lines, or do things to a terminal.
    private static String line(String text) {
        var line = text.strip().replaceAll("\\R", " ⏎ ").replaceAll("\\p{Cntrl}", "?");
        return Parcel.cut(line, MAX_LENGTH);
    }
}
