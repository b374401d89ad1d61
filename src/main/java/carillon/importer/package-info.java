/// Reads what other schedulers are told, and says it as bodies for the native API. Pure: it opens
/// no files and calls nobody.
@NullMarked
package carillon.importer;

import org.jspecify.annotations.NullMarked;
