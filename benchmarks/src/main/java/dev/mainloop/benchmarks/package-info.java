/**
 * Benchmarks of the paths that an event takes.
 */
@NullMarked
package dev.mainloop.benchmarks;

import org.jspecify.annotations.NullMarked;
