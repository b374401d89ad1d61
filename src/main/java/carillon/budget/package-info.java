/// Budgets: how much money may be spent in a period, which money a call needs, what becomes of runs
/// for which none is left, and what a schedule will cost. Rules, use cases and the store that they
/// need.
@NullMarked
package carillon.budget;

import org.jspecify.annotations.NullMarked;
