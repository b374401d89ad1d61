/// Tools from servers that speak the Model Context Protocol.
@NullMarked
package carillon.mcp;

import org.jspecify.annotations.NullMarked;
