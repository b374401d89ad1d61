/// Quotas: how much of a model all nodes together may use, what its provider says of that, and
/// whose turn is next. Pure rules, the use cases, and the store that they need.
@NullMarked
package carillon.quota;

import org.jspecify.annotations.NullMarked;
