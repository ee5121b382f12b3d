/**
 * The actuator endpoint of the main loop.
 */
@NullMarked
package dev.mainloop.endpoint;

import org.jspecify.annotations.NullMarked;
