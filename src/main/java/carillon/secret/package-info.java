/// Secrets at rest: what must not be readable in a database is encrypted with a key that stands
/// elsewhere.
@NullMarked
package carillon.secret;

import org.jspecify.annotations.NullMarked;
