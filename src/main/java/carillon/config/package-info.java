/// Configuration: one YAML file, the environment and flags become one value of settings, or one
/// list of everything that is wrong with them.
@NullMarked
package carillon.config;

import org.jspecify.annotations.NullMarked;
