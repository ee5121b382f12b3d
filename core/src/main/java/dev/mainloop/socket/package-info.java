/**
 * Sockets of TCP, of UDP and of this machine (Unix), for what needs no framework: to
 * listen, to accept, to connect and to converse in lines, on a main loop.
 */
@NullMarked
package dev.mainloop.socket;

import org.jspecify.annotations.NullMarked;
