/// The only way out: every connection that the server opens to others is opened here, by one HTTP
/// client, to an address that was checked first.
@NullMarked
package carillon.egress;

import org.jspecify.annotations.NullMarked;
