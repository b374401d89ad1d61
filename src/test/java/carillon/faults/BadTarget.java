package carillon.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A target on a port of its own that does to whoever calls it what its [Manner] says.
final class BadTarget implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    /// What is done to a caller, until it is tired of it.
    enum Manner {
        /// Takes the connection and says nothing.
        HANGS {
            @Override
            void treat(Socket socket, OutputStream out) throws InterruptedException {
                TimeUnit.DAYS.sleep(1);
            }
        },

        /// Answers, a byte a second, and never comes to the end of a header.
        DRIPS {
            @Override
            void treat(Socket socket, OutputStream out) throws IOException, InterruptedException {
                out.write(text("HTTP/1.1 200 OK\r\nX-Slow: "));
                while (true) {
                    out.write('x');
                    TimeUnit.SECONDS.sleep(1);
                }
            }
        },

        /// Breaks the connection off in the middle of a status line.
        RESETS {
            @Override
            void treat(Socket socket, OutputStream out) throws IOException {
                out.write(text("HTTP/1.1 2"));
                socket.setSoLinger(true, 0);
            }
        },

        /// Sends a body without an end, as fast as it is read.
        NEVER_ENDS {
            @Override
            void treat(Socket socket, OutputStream out) throws IOException {
                out.write(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                var chunk = text(Integer.toHexString(CHUNK) + "\r\n" + "x".repeat(CHUNK) + "\r\n");
                while (true) {
                    out.write(chunk);
                }
            }
        };

        abstract void treat(Socket socket, OutputStream out)
                throws IOException, InterruptedException;

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private final Manner manner;
    private final ServerSocket listening;

    private BadTarget(Manner manner, ServerSocket listening) {
        this.manner = manner;
        this.listening = listening;
    }

    static BadTarget open(Manner manner) throws IOException {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        var target = new BadTarget(manner, new ServerSocket(0, 1_000, loopback));
        Thread.ofVirtual().start(target::accept);
        return target;
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    private void accept() {
        while (true) {
            try {
                var socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var patient = Thread.currentThread();
            Thread.ofVirtual().start(() -> awaitEnd(socket, patient));
            manner.treat(socket, socket.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // The caller has gone.
        }
    }

    /// Reads what the caller sends; when that ends, nobody is to be treated badly any more.
    private static void awaitEnd(Socket socket, Thread patient) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Just as gone.
        }
        patient.interrupt();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
