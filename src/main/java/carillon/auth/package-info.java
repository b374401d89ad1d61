/// Who shows a valid credential: the administrator's key, and the users of an API that knows names
/// and passwords. Nothing here keeps a credential in a form that could be shown again.
@NullMarked
package carillon.auth;

import org.jspecify.annotations.NullMarked;
