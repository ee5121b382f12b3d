/**
 * Races for the protocols between threads, each small enough to be tried millions of
 * times.
 */
@NullMarked
package dev.mainloop;

import org.jspecify.annotations.NullMarked;
