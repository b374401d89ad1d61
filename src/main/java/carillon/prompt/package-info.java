/// Prompts: named, versioned templates with declared variables, which may include each other. The
/// values, the rules of templates, the use cases, and the store that they need.
@NullMarked
package carillon.prompt;

import org.jspecify.annotations.NullMarked;
