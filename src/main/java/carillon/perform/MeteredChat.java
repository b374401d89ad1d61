package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.ai.Chat;
import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Tokens;
import carillon.quota.Admission;
import carillon.quota.Asker;
import carillon.quota.Pass;
import carillon.quota.Quotas;
import carillon.task.RetryOn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Asks models as their quotas allow.
public final class MeteredChat {
    /// What an answer is thought to take at most where the model does not say.
    private static final int USUAL_MAX_TOKENS = 500;

    /// A wait up to this long is not worth going back to the queue for.
    private static final Duration SHORT = Duration.ofMillis(250);

    /// How long an attempt waits in all.
    private static final Duration MOST = Duration.ofSeconds(1);

    private final Chat chat;
    private final Optional<Quotas> quotas;

    public MeteredChat(Chat chat, Quotas quotas) {
        this.chat = requireNonNull(chat, "chat");
        this.quotas = Optional.of(quotas);
    }

    private MeteredChat(Chat chat) {
        this.chat = requireNonNull(chat, "chat");
        this.quotas = Optional.empty();
    }

    /// Without any quotas.
    public static MeteredChat unmetered(Chat chat) {
        return new MeteredChat(chat);
    }

    /// Whether a run that cannot go now is told when to come again, and keeps its place until then.
    enum Queue {
        JOIN,
        PASS_BY
    }

    sealed interface Turn {}

    record Came(Reply reply) implements Turn {}

    /// The model was not `asked`, or it refused because it has had too many questions: it can be
    /// asked at `until`. For those who do not wait that is the `failure`.
    record Waits(Instant until, String reason, Reply.Failure failure, boolean asked)
            implements Turn {
        private static Waits of(Admission.Wait wait, Reply.Failure failure, boolean asked) {
            return new Waits(wait.until(), wait.reason(), failure, asked);
        }
    }

    /// Asks on behalf of a run. Short waits are over when this returns.
    Turn ask(Model model, Conversation text, Duration timeout, Asker asker, Queue queue)
            throws InterruptedException {
        if (quotas.isEmpty()) {
            return new Came(chat.ask(model, text, timeout));
        }
        boolean waits = queue == Queue.JOIN;
        var waited = Duration.ZERO;
        while (true) {
            var left = timeout.minus(waited);
            var want = new Quotas.Want(tokens(model, text), left, Optional.of(asker), waits);
            var turn = ask(model, text, want, quotas.get());
            if (!waits || !(turn instanceof Waits until)) {
                return turn;
            }
            var wait = quotas.get().until(until.until()).plusMillis(1);
            var sum = waited.plus(wait.isNegative() ? Duration.ZERO : wait);
            if (wait.compareTo(SHORT) > 0 || sum.compareTo(MOST) > 0 || sum.compareTo(left) >= 0) {
                return turn;
            }
            rest(wait);
            waited = sum.plusMillis(1); // Something, so that it comes to an end.
        }
    }

    /// Asks on behalf of nobody who has a place in the queue, and does not wait.
    Turn askAtOnce(Model model, Conversation text, Duration timeout) throws InterruptedException {
        if (quotas.isEmpty()) {
            return new Came(chat.ask(model, text, timeout));
        }
        var want = new Quotas.Want(tokens(model, text), timeout, Optional.empty(), false);
        return ask(model, text, want, quotas.get());
    }

    private static void rest(Duration wait) throws InterruptedException {
        boolean early = new CountDownLatch(1).await(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (early) {
            throw new IllegalStateException("nobody counts down");
        }
    }

    private Turn ask(Model model, Conversation text, Quotas.Want want, Quotas meter)
            throws InterruptedException {
        return switch (meter.admit(model, want)) {
            case Admission.Wait wait -> Waits.of(wait, tooEarly(wait), false);
            case Admission.Go(var pass) -> ask(model, text, want.longest(), pass, meter);
        };
    }

    private static Reply.Failure tooEarly(Admission.Wait wait) {
        var kinds = RetryOn.forStatus(429);
        return new Reply.Failure(
                wait.reason(), kinds, OptionalInt.empty(), Optional.empty(), false);
    }

    private Turn ask(Model model, Conversation text, Duration timeout, Pass pass, Quotas meter)
            throws InterruptedException {
        Reply reply;
        try {
            reply = chat.ask(model, text, timeout);
        } catch (InterruptedException | RuntimeException e) {
            meter.end(pass, OptionalLong.empty(), false);
            throw e;
        }
        switch (reply) {
            case Reply.Failure failure when failure.isTooMany() -> {
                return Waits.of(meter.refused(pass, failure.retryAfter()), failure, true);
            }
            case Reply.Failure _ -> meter.end(pass, OptionalLong.empty(), false);
            case Reply.Answer answer -> {
                var used = answer.tokens().stream().mapToLong(Tokens::total).findFirst();
                meter.end(pass, used, true);
            }
        }
        return new Came(reply);
    }

    private static long tokens(Model model, Conversation text) {
        var defaults = model.defaults();
        return Tokens.estimate(defaults.system().orElse(""))
                + Tokens.estimate(text.text())
                + defaults.maxTokens().orElse(USUAL_MAX_TOKENS);
    }

    /// For questions that no run puts: one that cannot be put at once is a failure.
    public Chat atOnce() {
        return (model, text, timeout) -> {
            if (quotas.isEmpty()) {
                return chat.ask(model, text, timeout);
            }
            var want = new Quotas.Want(tokens(model, text), timeout, Optional.empty(), false);
            return switch (ask(model, text, want, quotas.get())) {
                case Came(var reply) -> reply;
                case Waits waits -> waits.failure();
            };
        };
    }
}
