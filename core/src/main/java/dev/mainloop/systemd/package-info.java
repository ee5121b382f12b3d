/**
 * What a service and systemd tell each other.
 */
@NullMarked
package dev.mainloop.systemd;

import org.jspecify.annotations.NullMarked;
