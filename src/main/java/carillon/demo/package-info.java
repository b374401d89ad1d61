/// A first look: sample tasks of every kind against a receiver of its own, and what becomes of
/// them.
@NullMarked
package carillon.demo;

import org.jspecify.annotations.NullMarked;
