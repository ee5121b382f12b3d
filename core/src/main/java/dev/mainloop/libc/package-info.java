/**
 * The C library through jnr-ffi: system calls, errno values and the layouts of structs.
 */
@NullMarked
package dev.mainloop.libc;

import org.jspecify.annotations.NullMarked;
