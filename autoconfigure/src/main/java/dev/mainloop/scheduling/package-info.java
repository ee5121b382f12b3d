/**
 * The main loop as Spring's scheduler of tasks.
 */
@NullMarked
package dev.mainloop.scheduling;

import org.jspecify.annotations.NullMarked;
