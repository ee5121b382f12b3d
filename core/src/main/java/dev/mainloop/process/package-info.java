/**
 * Children of this process, which need no thread: how they are started, their output, and
 * their end.
 */
@NullMarked
package dev.mainloop.process;

import org.jspecify.annotations.NullMarked;
