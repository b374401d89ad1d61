package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.run.Lease;
import java.time.Instant;

/// Where an attempt gets the money for a question before it asks, and says what it has cost.
public interface Cashier {
    /// Everything may be asked, and nothing is written down.
    Cashier UNLIMITED =
            new Cashier() {
                @Override
                public Grant reserve(Lease lease, Model model, String text) {
                    return new Grant.Given(Receipt.OF_NOTHING);
                }

                @Override
                public Grant reserve(String caller, Model model, String text) {
                    return new Grant.Given(Receipt.OF_NOTHING);
                }
            };

    /// For a question of an attempt. `text` is all that is to be sent, but for what the model's
    /// defaults add.
    Grant reserve(Lease lease, Model model, String text);

    /// For a question that somebody asks outside of any run: what budgets of tasks and tags do not
    /// cover.
    Grant reserve(String caller, Model model, String text);

    /// The answer to whoever wants to ask a model. Reasons are sentences for people, without a
    /// capital or a full stop.
    sealed interface Grant {
        /// The model may be asked; the receipt is to be closed when it has been.
        record Given(Receipt receipt) implements Grant {
            public Given {
                requireNonNull(receipt, "receipt");
            }
        }

        /// The model is not to be asked.
        sealed interface Refused extends Grant {
            String reason();
        }

        /// The run is to be taken up again at `until`.
        record Later(String reason, Instant until) implements Refused {
            public Later {
                requireNonNull(reason, "reason");
                requireNonNull(until, "until");
            }
        }

        /// The run is not to be done.
        record Never(String reason) implements Refused {
            public Never {
                requireNonNull(reason, "reason");
            }
        }

        /// Another model may be asked, if it costs less.
        record Cheaper(String reason) implements Refused {
            public Cheaper {
                requireNonNull(reason, "reason");
            }
        }

        /// Nobody knows what the model costs, so its cost cannot be bounded.
        record Unpriced(String reason) implements Refused {
            public Unpriced {
                requireNonNull(reason, "reason");
            }
        }
    }

    /// The money for one question. Closed without a word, it is booked as spent in full: the
    /// question may have come to the provider. Only the first word counts.
    interface Receipt extends AutoCloseable {
        Receipt OF_NOTHING =
                new Receipt() {
                    @Override
                    public void settle(Reply reply) {}

                    @Override
                    public void release() {}

                    @Override
                    public void close() {}
                };

        /// Books what the question has cost, as its end tells.
        void settle(Reply reply);

        /// The question was not asked.
        void release();

        @Override
        void close();
    }
}
