/**
 * Races of the memory for system calls.
 */
@NullMarked
package dev.mainloop.libc;

import org.jspecify.annotations.NullMarked;
