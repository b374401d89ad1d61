/// The Chronos API: jobs that call webhooks on cron schedules, in Chronos's words, over the same
/// tasks and runs as every other API.
@NullMarked
package carillon.dialect.chronos;

import org.jspecify.annotations.NullMarked;
