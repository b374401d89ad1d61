/// The native API: tasks, runs, slots, schedules, events and the cluster, under `/api/v1`. It
/// translates between JSON and the use cases; behaviour lies with them.
@NullMarked
package carillon.api;

import org.jspecify.annotations.NullMarked;
