/// Every SQL statement of Carillon, behind the store interfaces of the features, for SQLite and
/// PostgreSQL. One text serves both; what differs stands in `Dialect` and in the two databases.
@NullMarked
package carillon.store;

import org.jspecify.annotations.NullMarked;
