/// What is done with a task's output: the types of processors, what each needs, what its templates
/// can say, and what an administrator sets for all of a type. How they send lies in `courier`.
@NullMarked
package carillon.processor;

import org.jspecify.annotations.NullMarked;
