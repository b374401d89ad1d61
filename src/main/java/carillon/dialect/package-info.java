/// What the dialects share: the tasks that a dialect can express, listed and rewritten. A dialect
/// is a translation, never a place for behaviour.
@NullMarked
package carillon.dialect;

import org.jspecify.annotations.NullMarked;
