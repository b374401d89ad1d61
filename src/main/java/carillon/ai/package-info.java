/// Language models: which there are, what a question to one says, and what comes back. Pure: how a
/// provider is spoken to lies in `perform`.
@NullMarked
package carillon.ai;

import org.jspecify.annotations.NullMarked;
