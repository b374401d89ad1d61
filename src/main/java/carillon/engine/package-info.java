/// The clockwork of a node: duties that are stepped, not running. Each duty is one `runOnce(now)`;
/// only [carillon.engine.Loop] waits. Time, dice, stores, the executor and the performer are handed
/// in, so that a test turns the crank.
@NullMarked
package carillon.engine;

import org.jspecify.annotations.NullMarked;
