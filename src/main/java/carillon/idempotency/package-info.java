/// Requests that may be sent twice and are carried out once: what a client's idempotency key stands
/// for, and the answer that belongs to it.
@NullMarked
package carillon.idempotency;

import org.jspecify.annotations.NullMarked;
