package carillon.batch;

import carillon.ai.Spending;
import carillon.ai.Tokens;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The lines that were finished since the last checkpoint, in the order in which they were. Each is
/// written with its length and a checksum, so that one that was torn by a crash is known.
final class Journal implements AutoCloseable {
    /// Length and checksum.
    private static final int FRAME = 2 * Integer.BYTES;

    /// Index, success, tokens in and out, cost.
    private static final int HEAD = 4 * Long.BYTES + 1;

    private static final long ABSENT = -1;

    private final FileChannel file;
    private ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    private long length;

    private Journal(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    /// Goes on after the first `length` bytes, and drops what comes after them.
    static Journal open(Path path, long length) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.truncate(length);
        file.position(length);
        return new Journal(file, length);
    }

    /// How many bytes it has.
    long length() {
        return length;
    }

    /// Returns when the lines would outlast a power cut.
    void write(Collection<Line> lines) throws IOException {
        for (var line : lines) {
            int size = FRAME + HEAD + line.text().length;
            if (buffer.remaining() < size) {
                flush();
            }
            if (buffer.capacity() < size) {
                buffer = ByteBuffer.allocate(size);
            }
            put(line);
        }
        flush();
        file.force(false);
    }

    private void put(Line line) {
        int begin = buffer.position();
        buffer.putInt(HEAD + line.text().length).putInt(0);
        var tokens = line.spending().tokens();
        buffer.putLong(line.index())
                .put((byte) (line.succeeded() ? 1 : 0))
                .putLong(tokens.map(Tokens::input).orElse(ABSENT))
                .putLong(tokens.map(Tokens::output).orElse(ABSENT))
                .putLong(line.spending().costNanodollars().orElse(ABSENT))
                .put(line.text());
        var checksum = new CRC32C();
        checksum.update(buffer.array(), begin + FRAME, buffer.position() - begin - FRAME);
        buffer.putInt(begin + Integer.BYTES, (int) checksum.getValue());
    }

    private void flush() throws IOException {
        buffer.flip();
        length += buffer.remaining();
        while (buffer.hasRemaining()) {
            int written = file.write(buffer);
            assert written >= 0;
        }
        buffer.clear();
    }

    /// Hands out every whole line; returns how many bytes these have.
    static long replay(Path path, Consumer<Line> reader) throws IOException {
        if (!Files.exists(path)) {
            return 0;
        }
        long valid = 0;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            long left = Files.size(path);
            while (left >= FRAME + HEAD) {
                int size = in.readInt();
                int checksum = in.readInt();
                left -= FRAME;
                if (size < HEAD || size > left) {
                    return valid;
                }
                var payload = in.readNBytes(size);
                left -= size;
                if (checksum(payload) != checksum) {
                    return valid;
                }
                reader.accept(line(ByteBuffer.wrap(payload)));
                valid += FRAME + size;
            }
        }
        return valid;
    }

    private static int checksum(byte[] payload) {
        var checksum = new CRC32C();
        checksum.update(payload);
        return (int) checksum.getValue();
    }

    private static Line line(ByteBuffer payload) {
        long index = payload.getLong();
        boolean succeeded = payload.get() == 1;
        long input = payload.getLong();
        long output = payload.getLong();
        long cost = payload.getLong();
        var tokens =
                input == ABSENT ? Optional.<Tokens>empty() : Optional.of(new Tokens(input, output));
        var money = cost == ABSENT ? OptionalLong.empty() : OptionalLong.of(cost);
        var text = new byte[payload.remaining()];
        payload.get(text);
        return new Line(index, succeeded, new Spending(tokens, money), text);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
