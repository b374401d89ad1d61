/// Tasks: stored, named, versioned definitions of what is to be done, when, and under which
/// policies. Pure rules and values, the use cases, and the store that they need.
@NullMarked
package carillon.task;

import org.jspecify.annotations.NullMarked;
