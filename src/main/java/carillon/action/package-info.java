/// What an attempt does, as plain values. How it is done lies in `perform`.
@NullMarked
package carillon.action;

import org.jspecify.annotations.NullMarked;
