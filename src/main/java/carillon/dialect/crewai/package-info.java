/// The CrewAI API: agents, workflows whose tasks are steps, and executions, which are runs.
@NullMarked
package carillon.dialect.crewai;

import org.jspecify.annotations.NullMarked;
