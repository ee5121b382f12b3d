/**
 * Races for the owners of file descriptors.
 */
@NullMarked
package dev.mainloop.fd;

import org.jspecify.annotations.NullMarked;
