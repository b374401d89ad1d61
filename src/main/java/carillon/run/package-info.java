/// Runs: one occurrence of a task each, from queued to a final state, and the slot ledger that they
/// are. Pure rules and values, the use cases, and the stores that they and the engine need.
@NullMarked
package carillon.run;

import org.jspecify.annotations.NullMarked;
