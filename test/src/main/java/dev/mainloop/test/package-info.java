/**
 * Tests of event handlers on a main loop in memory, on any operating system.
 */
@NullMarked
package dev.mainloop.test;

import org.jspecify.annotations.NullMarked;
