/// What models said: stored, listed, searched, and counted by model and day. It is written with the
/// end of the attempt that asked.
@NullMarked
package carillon.response;

import org.jspecify.annotations.NullMarked;
