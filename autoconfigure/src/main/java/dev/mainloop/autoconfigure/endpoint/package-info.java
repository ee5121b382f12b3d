/**
 * Auto-configuration for the endpoint of the main loop.
 */
@NullMarked
package dev.mainloop.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
