/**
 * Runs the tests that need Linux in a container.
 */
@NullMarked
package dev.mainloop.testing.container;

import org.jspecify.annotations.NullMarked;
