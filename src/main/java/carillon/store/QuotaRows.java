package carillon.store;

import static carillon.store.Columns.instant;

import carillon.ai.Limits;
import carillon.quota.Left;
import carillon.quota.Load;
import carillon.quota.Quota;
import carillon.quota.Refusals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// How quotas stand in their tables.
final class QuotaRows {
    private QuotaRows() {}

    static final String FIND = "SELECT * FROM quota WHERE id = :quota";
    static final String LOCK = "SELECT * FROM quota WHERE id = :quota /* lock */";

    static final String INSERT =
            """
            INSERT INTO quota (id, said_requests, said_tokens, said_calls, learned_requests,
                               learned_tokens, requests_left, requests_left_until, tokens_left,
                               tokens_left_until, refused_at, paused_until, refusals, slots,
                               threshold, grown, call_millis, used_at)
            VALUES (:quota, :saidRequests, :saidTokens, :saidCalls, :learnedRequests,
                    :learnedTokens, :requestsLeft, :requestsLeftUntil, :tokensLeft,
                    :tokensLeftUntil, :refusedAt, :pausedUntil, :refusals, :slots,
                    :threshold, :grown, :callMillis, :now)
            ON CONFLICT (id) DO NOTHING
            """;

    static final String UPDATE =
            """
            UPDATE quota
               SET said_requests = :saidRequests, said_tokens = :saidTokens,
                   said_calls = :saidCalls, learned_requests = :learnedRequests,
                   learned_tokens = :learnedTokens, requests_left = :requestsLeft,
                   requests_left_until = :requestsLeftUntil, tokens_left = :tokensLeft,
                   tokens_left_until = :tokensLeftUntil, refused_at = :refusedAt,
                   paused_until = :pausedUntil, refusals = :refusals, slots = :slots,
                   threshold = :threshold, grown = :grown, call_millis = :callMillis,
                   used_at = :now
             WHERE id = :quota
            """;

    static Quota map(ResultSet row) throws SQLException {
        return new Quota(
                new Limits(
                        limit(row, "said_requests"),
                        limit(row, "said_tokens"),
                        limit(row, "said_calls")),
                new Limits(
                        limit(row, "learned_requests"),
                        limit(row, "learned_tokens"),
                        OptionalLong.empty()),
                new Left(row.getLong("requests_left"), instant(row, "requests_left_until")),
                new Left(row.getLong("tokens_left"), instant(row, "tokens_left_until")),
                new Refusals(
                        instant(row, "refused_at"),
                        instant(row, "paused_until"),
                        row.getInt("refusals"),
                        row.getLong("slots"),
                        row.getLong("threshold"),
                        row.getLong("grown")),
                Duration.ofMillis(row.getLong("call_millis")));
    }

    private static OptionalLong limit(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    static <S extends SqlStatement<S>> S bind(S statement, String id, Quota quota, Instant now) {
        var refusals = quota.refusals();
        return statement
                .bind("quota", id)
                .bind("saidRequests", number(quota.said().requestsPerMinute()))
                .bind("saidTokens", number(quota.said().tokensPerMinute()))
                .bind("saidCalls", number(quota.said().concurrent()))
                .bind("learnedRequests", number(quota.learned().requestsPerMinute()))
                .bind("learnedTokens", number(quota.learned().tokensPerMinute()))
                .bind("requestsLeft", quota.requestsLeft().count())
                .bind("requestsLeftUntil", quota.requestsLeft().until().toEpochMilli())
                .bind("tokensLeft", quota.tokensLeft().count())
                .bind("tokensLeftUntil", quota.tokensLeft().until().toEpochMilli())
                .bind("refusedAt", refusals.since().toEpochMilli())
                .bind("pausedUntil", refusals.until().toEpochMilli())
                .bind("refusals", refusals.inARow())
                .bind("slots", refusals.slots())
                .bind("threshold", refusals.threshold())
                .bind("grown", refusals.grown())
                .bind("callMillis", quota.callTime().toMillis())
                .bind("now", now.toEpochMilli());
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static final String USES =
            """
            SELECT second, requests, tokens FROM quota_use
             WHERE quota = :quota AND second > :counted ORDER BY second
            """;

    private static List<Load.Use> uses(Session session, String quota, Instant now) {
        return session.query(USES)
                .bind("quota", quota)
                .bind("counted", lastForgotten(now))
                .map(
                        (row, _) ->
                                new Load.Use(
                                        row.getLong("second"),
                                        row.getLong("requests"),
                                        Math.max(0, row.getLong("tokens"))))
                .list();
    }

    /// The newest second whose uses are not counted any more.
    static long lastForgotten(Instant now) {
        return now.getEpochSecond() - Load.COUNTED_SECONDS;
    }

    /// A call that has lasted too long, or whose node has died, is not under way.
    private static final String CALLS =
            """
            SELECT count(*) FROM quota_call
             WHERE quota = :quota AND over_at > :now
               AND (epoch IS NULL
                    OR EXISTS (SELECT 1 FROM node
                                WHERE node.epoch = quota_call.epoch AND NOT node.ended))
            """;

    private static long calls(Session session, String quota, Instant now) {
        return session.query(CALLS)
                .bind("quota", quota)
                .bind("now", now.toEpochMilli())
                .mapTo(Long.class)
                .one();
    }

    /// Without anybody ahead.
    static Load load(Session session, String quota, Instant now) {
        return new Load(uses(session, quota, now), calls(session, quota, now), Load.Ahead.NONE);
    }
}
