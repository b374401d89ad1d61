/// Figures about the running server, in Prometheus's form. Counting is cheap and never asks the
/// database.
@NullMarked
package carillon.metrics;

import org.jspecify.annotations.NullMarked;
