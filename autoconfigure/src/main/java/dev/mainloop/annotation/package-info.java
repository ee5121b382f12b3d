/**
 * The annotations that make a bean's methods handlers of the main loop's events.
 */
@NullMarked
package dev.mainloop.annotation;

import org.jspecify.annotations.NullMarked;
