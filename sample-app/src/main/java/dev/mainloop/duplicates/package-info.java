/**
 * Duplicates, a command that finds equal files on all cores.
 */
@NullMarked
package dev.mainloop.duplicates;

import org.jspecify.annotations.NullMarked;
