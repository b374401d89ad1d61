/// One-shot tasks: questions to a model that are asked once and have no schedule, under the names
/// that their clients gave them. They are tasks and runs as all others are.
@NullMarked
package carillon.oneshot;

import org.jspecify.annotations.NullMarked;
