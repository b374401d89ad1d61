/// What becomes of the steps of a workflow. Pure: no I/O, no clock, no threads, no JSON.
@NullMarked
package carillon.workflow;

import org.jspecify.annotations.NullMarked;
