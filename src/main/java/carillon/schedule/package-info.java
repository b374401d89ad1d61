/// When a task fires: cron expressions, intervals, calendar rules and single instants, as pure
/// values. No clock, no I/O: every question names the instant that it is about.
@NullMarked
package carillon.schedule;

import org.jspecify.annotations.NullMarked;
