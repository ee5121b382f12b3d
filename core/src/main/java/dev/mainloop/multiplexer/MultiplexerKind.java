package dev.mainloop.multiplexer;

import java.util.Locale;
import java.util.function.Supplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kinds of {@link IoMultiplexer} that can be chosen. Each opens one when asked for
 * it, which the one who asks has to close.
 */
public enum MultiplexerKind implements Supplier<IoMultiplexer> {

	/** {@link #EPOLL}, or {@link #POLL} where the kernel or a sandbox refuses epoll. */
	AUTO {

		@Override
		public IoMultiplexer get() {
			try {
				return EPOLL.get();
			}
			catch (ErrnoException ex) {
				if (!ex.is(Errno.ENOSYS) && !ex.is(Errno.EPERM) && !ex.is(Errno.EACCES)) {
					throw ex;
				}
				logger.warn("The loop waits by poll, as epoll is refused: " + ex.getMessage());
				return new PollMultiplexer("epoll is refused: " + ex.getMessage());
			}
		}

	},

	/** {@code epoll(7)}. */
	EPOLL {

		@Override
		public IoMultiplexer get() {
			return EpollMultiplexer.open();
		}

	},

	/** {@code poll(2)}. */
	POLL {

		@Override
		public IoMultiplexer get() {
			return new PollMultiplexer();
		}

	},

	/** {@code select(2)}, for file descriptors below 1024. */
	SELECT {

		@Override
		public IoMultiplexer get() {
			return new SelectMultiplexer();
		}

	};

	private static final Logger logger = LoggerFactory.getLogger(MultiplexerKind.class);

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
