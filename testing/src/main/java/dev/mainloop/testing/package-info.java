/**
 * What tests of any project need: programs of their own, and a tag for what needs Linux.
 */
@NullMarked
package dev.mainloop.testing;

import org.jspecify.annotations.NullMarked;
