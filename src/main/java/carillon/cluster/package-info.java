/// The server processes that share one database: their leases and their epochs.
@NullMarked
package carillon.cluster;

import org.jspecify.annotations.NullMarked;
