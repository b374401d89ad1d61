/// Measures what the server promises about speed, each beside a loop of the same work with nothing
/// around it. Works on a real engine and a real store.
@NullMarked
package carillon.bench;

import org.jspecify.annotations.NullMarked;
