/**
 * Files without blocking: operations that the kernel or other threads carry out and that
 * complete on the thread of a main loop.
 */
@NullMarked
package dev.mainloop.file;

import org.jspecify.annotations.NullMarked;
