/// Brings the outputs of runs to where their tasks' processors send them: one sender for each type
/// of processor.
@NullMarked
package carillon.courier;

import org.jspecify.annotations.NullMarked;
