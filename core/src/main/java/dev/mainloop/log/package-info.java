/**
 * Text from outside in a log, which has to stay one line and what it is.
 */
@NullMarked
package dev.mainloop.log;

import org.jspecify.annotations.NullMarked;
