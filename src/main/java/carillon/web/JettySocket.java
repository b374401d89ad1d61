package carillon.web;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/// A socket on Jetty: messages go out one at a time, and a bounded number of them waits.
public final class JettySocket implements Session.Listener.AutoDemanding, Socket.Line {
    private static final System.Logger LOGGER = System.getLogger(JettySocket.class.getName());
    static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int MAX_WAITING = 1_000;
    private static final long MAX_WAITING_CHARACTERS = 1024 * 1024;

    /// A connection in which nothing moves for so long is cut.
    private static final Duration IDLE = Duration.ofMinutes(5);

    /// For a client to read why it is dropped.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final int GOING_AWAY = 1001;
    private static final int NOT_TEXT = 1003;
    private static final int POLICY = 1008;

    private final Socket socket;
    private final Sockets sockets;
    private final Queue<String> waiting = new ArrayDeque<>();
    private long waitingCharacters;
    private boolean sending;
    private boolean ended;
    private Optional<Session> session = Optional.empty();
    private Optional<Socket.Listener> listener = Optional.empty();

    JettySocket(Socket socket, Sockets sockets) {
        this.socket = requireNonNull(socket, "socket");
        this.sockets = requireNonNull(sockets, "sockets");
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        opened.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
        opened.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
        opened.setIdleTimeout(IDLE);
        synchronized (this) {
            session = Optional.of(opened);
        }
        listener = Optional.of(socket.open(this));
        if (sockets.isClosed()) {
            goAway();
        }
    }

    @Override
    public void onWebSocketText(String text) {
        listener.ifPresent(each -> each.text(text));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        end(NOT_TEXT, "only text is understood");
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        synchronized (this) {
            ended = true;
            waiting.clear();
        }
        sockets.leave(this);
        listener.ifPresent(Socket.Listener::closed);
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOGGER.log(Level.DEBUG, "a socket broke off: {0}", String.valueOf(cause.getMessage()));
    }

    @Override
    public void send(String text) {
        boolean slow;
        synchronized (this) {
            if (ended) {
                return;
            }
            waiting.add(text);
            waitingCharacters += text.length();
            slow = waiting.size() > MAX_WAITING || waitingCharacters > MAX_WAITING_CHARACTERS;
        }
        if (slow) {
            LOGGER.log(Level.INFO, "a client of a socket reads too slowly and is dropped");
            end(POLICY, "too slow: messages were not read in time");
            return;
        }
        sendNext();
    }

    private void sendNext() {
        Optional<String> next;
        Session to;
        synchronized (this) {
            if (sending || ended || session.isEmpty() || waiting.isEmpty()) {
                return;
            }
            next = Optional.ofNullable(waiting.poll());
            waitingCharacters -= next.map(String::length).orElse(0);
            sending = true;
            to = session.get();
        }
        to.sendText(next.orElse(""), Callback.from(this::sent, _ -> to.disconnect()));
    }

    private void sent() {
        synchronized (this) {
            sending = false;
        }
        sendNext();
    }

    /// The server stops.
    void goAway() {
        end(GOING_AWAY, "the server is stopping");
    }

    private void end(int status, String reason) {
        Optional<Session> to;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            waiting.clear();
            to = session;
        }
        to.ifPresent(each -> close(each, status, reason));
    }

    /// The reason waits behind what the client has not read: one that never does goes without it.
    private static void close(Session open, int status, String reason) {
        open.close(status, reason, Callback.NOOP);
        CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(open::disconnect);
    }
}
