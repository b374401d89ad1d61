/// The commands beside `serve`: what people and scripts call from a shell. Offline commands use the
/// pure packages; the others speak to a server over HTTP.
@NullMarked
package carillon.cli;

import org.jspecify.annotations.NullMarked;
