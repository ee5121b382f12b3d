/**
 * Lines and other frames of streams of bytes, read and written without blocking.
 */
@NullMarked
package dev.mainloop.line;

import org.jspecify.annotations.NullMarked;
