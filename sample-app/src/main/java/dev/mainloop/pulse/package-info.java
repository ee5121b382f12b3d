/**
 * Pulse, a monitor of the host it runs on.
 */
@NullMarked
package dev.mainloop.pulse;

import org.jspecify.annotations.NullMarked;
