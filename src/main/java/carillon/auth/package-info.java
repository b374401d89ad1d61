/// Who shows a valid credential: the administrator's key, keys that administrators make, and the
/// users of an API that knows names and passwords. Nothing here keeps a credential in a form that
/// could be shown again, but for the file that the administrator's key stands in.
@NullMarked
package carillon.auth;

import org.jspecify.annotations.NullMarked;
