/**
 * Owners of one file descriptor each, with the semantics of their man pages.
 */
@NullMarked
package dev.mainloop.fd;

import org.jspecify.annotations.NullMarked;
