/**
 * Programs that measure what JMH does not: percentiles, counts, and the start of an
 * application. Each writes lines with a name and a number.
 */
@NullMarked
package dev.mainloop.benchmarks.program;

import org.jspecify.annotations.NullMarked;
