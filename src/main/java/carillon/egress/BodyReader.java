package carillon.egress;

import java.io.IOException;
import java.io.InputStream;

/// Reads bodies of answers as they come.
public interface BodyReader {
    /// Leaves every body to be kept as a whole.
    BodyReader NONE =
            new BodyReader() {
                @Override
                public boolean reads(int status, String contentType) {
                    return false;
                }

                @Override
                public void read(InputStream body) {
                    throw new IllegalStateException("no body is read as it comes");
                }
            };

    /// Whether it reads the body of such an answer. The content type is empty when there is none.
    boolean reads(int status, String contentType);

    /// How many bytes it reads at most.
    default long most() {
        return Egress.MAX_STREAMED;
    }

    /// Reads to the end of the body, or as far as it wants to. When the connection breaks, the time
    /// is over or the thread is interrupted, reading throws an [IOException], which it passes on.
    void read(InputStream body) throws IOException;
}
