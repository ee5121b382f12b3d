/**
 * The C library through jffi, the lower layer of jnr-ffi: system calls, errno values and
 * the layouts of structs.
 */
@NullMarked
package dev.mainloop.libc;

import org.jspecify.annotations.NullMarked;
