/// Files of questions: read as a stream, checked before anything is asked, asked many at a time,
/// and answered in a file in the same order. What a row says is decided by pure rules; what has
/// been done is kept in a folder beside the output, so that a batch goes on after a crash.
@NullMarked
package carillon.batch;

import org.jspecify.annotations.NullMarked;
