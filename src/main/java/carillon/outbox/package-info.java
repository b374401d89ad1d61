/// What is to leave for somebody after the fact: written in the transaction that brings it about,
/// carried afterwards, tried again until it is there or given up. Knows no content and no target; a
/// [Courier] carries.
@NullMarked
package carillon.outbox;

import org.jspecify.annotations.NullMarked;
