/**
 * Auto-configuration of an application that systemd has started.
 */
@NullMarked
package dev.mainloop.autoconfigure.systemd;

import org.jspecify.annotations.NullMarked;
