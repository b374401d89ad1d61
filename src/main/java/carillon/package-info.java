/// The program: reads the command line and, in [carillon.Server], makes every object of a server.
@NullMarked
package carillon;

import org.jspecify.annotations.NullMarked;
