/// Pictures of what depends on what: a graph, where its parts are to be, and how that is drawn.
@NullMarked
package carillon.graph;

import org.jspecify.annotations.NullMarked;
