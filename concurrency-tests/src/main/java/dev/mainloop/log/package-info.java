/**
 * Races of the log that sums up.
 */
@NullMarked
package dev.mainloop.log;

import org.jspecify.annotations.NullMarked;
