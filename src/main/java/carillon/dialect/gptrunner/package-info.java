/// The API of GPT Task Runner: prompts that are asked once, or on a schedule, in its words, over
/// the same tasks and runs as every other API.
@NullMarked
package carillon.dialect.gptrunner;

import org.jspecify.annotations.NullMarked;
