/**
 * Files that change, told by inotify on the loop.
 */
@NullMarked
package dev.mainloop.watch;

import org.jspecify.annotations.NullMarked;
