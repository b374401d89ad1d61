/// Who changed what: one entry for each change that somebody asked for, written in the transaction
/// that makes the change and chained to the one before it by a hash. Whoever changes, removes or
/// swaps entries in the database breaks the chain, and [carillon.audit.AuditTrail] says where.
@NullMarked
package carillon.audit;

import org.jspecify.annotations.NullMarked;
