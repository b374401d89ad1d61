/// Does what actions say: one attempt at a time, on the thread that it is given. What is to be done
/// lies in `action`.
@NullMarked
package carillon.perform;

import org.jspecify.annotations.NullMarked;
