/// The console: pages that people look at in a browser, under `/console`, over the same use cases
/// as the native API. What is shown is a `…View`; the templates stand in `src/main/jte`.
@NullMarked
package carillon.console;

import org.jspecify.annotations.NullMarked;
