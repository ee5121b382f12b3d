/**
 * The loops that are compared, each behind the same few methods.
 */
@NullMarked
package dev.mainloop.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
