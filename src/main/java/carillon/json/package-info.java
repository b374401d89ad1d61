/// JSON: the one configured parser, the collecting of problems, and the native form of a task's
/// definition, which is also the form that the stores keep.
@NullMarked
package carillon.json;

import org.jspecify.annotations.NullMarked;
