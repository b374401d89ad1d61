package carillon.store;

import java.time.Instant;
import java.time.InstantSource;

/// A database for the tests of one class.
interface Fixture extends AutoCloseable {
    Stores stores();

    Time time();

    @Override
    void close();

    /// Removes all rows but the one that ids come from.
    default void empty() {
        for (var table :
                new String[] {
                    "event",
                    "webhook",
                    "webhook_told",
                    "webhook_try",
                    "delivery",
                    "newest_output",
                    "processor_settings",
                    "output",
                    "response",
                    "model_usage",
                    "attempt",
                    "batch_standing",
                    "transcript",
                    "run_input",
                    "run",
                    "task_version",
                    "step_number",
                    "task",
                    "task_listing",
                    "client_task",
                    "prompt_end",
                    "run_tally",
                    "node",
                    "api_key",
                    "sign_in",
                    "model",
                    "agent",
                    "idempotency",
                    "prompt",
                    "prompt_name",
                    "prompt_version",
                    "quota",
                    "quota_use",
                    "quota_call",
                    "quota_wait",
                    "budget",
                    "purse",
                    "reservation",
                    "hold"
                }) {
            stores().database()
                    .write("empty " + table, all -> all.update("DELETE FROM " + table).execute());
        }
        time().set(Some.NOON);
    }

    /// The time that the stores read, set by hand.
    final class Time implements InstantSource {
        private volatile Instant now = Some.NOON;

        @Override
        public Instant instant() {
            return now;
        }

        void set(Instant to) {
            now = to;
        }
    }
}
