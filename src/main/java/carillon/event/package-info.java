/// What happened, in order, for those who watch: written in the transaction that made it true.
@NullMarked
package carillon.event;

import org.jspecify.annotations.NullMarked;
