package carillon.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A way to a server on this machine that can be cut: then nothing comes through any more, and
/// nobody is told.
final class Relay implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    private Relay(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    /// Listens at `port`, or at any that is free when it is 0.
    static Relay to(int target, int port) throws IOException {
        var entrance = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        var relay = new Relay(entrance, target);
        Thread.ofVirtual().start(relay::accept);
        return relay;
    }

    int port() {
        return entrance.getLocalPort();
    }

    void cut() {
        cut = true;
    }

    private void accept() {
        try {
            while (true) {
                var client = entrance.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> forward(client, server));
                Thread.ofVirtual().start(() -> forward(server, client));
            }
        } catch (SocketException e) {
            // It was closed.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void forward(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            var buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!cut) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // Either end is gone.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
