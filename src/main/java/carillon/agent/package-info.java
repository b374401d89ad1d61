/// Agents: models with a role and a goal, the tools that they may call, and the bounds that stop
/// them. What they are; how they work lies in `perform`.
@NullMarked
package carillon.agent;

import org.jspecify.annotations.NullMarked;
