package dev.mainloop.multiplexer;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many file descriptors at once: {@code epoll(7)}, {@code poll(2)} or
 * {@code select(2)}.
 * <p>
 * A registration carries a token, a number that the caller chooses and finds again in
 * each event. It tells apart registrations that had the same file descriptor number one
 * after the other, which the number cannot.
 * <p>
 * {@link #await}, {@link #token} and {@link #readiness} belong to one thread.
 * {@link #add}, {@link #modify} and {@link #remove} may be called by any thread, also
 * during a wait, if no two of them are called at the same time. An event of a
 * registration that is removed during a wait may still be in its result.
 * <p>
 * What waits need of memory is allocated by {@link #add}. Where an {@link Error} comes of
 * {@link #add}, {@link #modify} or {@link #remove}, such as one for want of memory or
 * stack, the registration is as it was before.
 */
public interface IoMultiplexer extends AutoCloseable {

	/**
	 * Returns the name of its kind.
	 * @return the name, such as {@code epoll}
	 */
	String name();

	/**
	 * Tells why this kind stands in for another that was wanted.
	 * @return the reason, or {@code null} if it does not
	 */
	default @Nullable String fallbackReason() {
		return null;
	}

	/**
	 * Tells whether registrations can have a trigger.
	 * @param trigger the trigger
	 * @return {@code true} if they can
	 */
	boolean supports(Trigger trigger);

	/**
	 * Refuses an interest that this kind cannot wait for, as {@link #add} and
	 * {@link #modify} do.
	 * @param interest bits of {@link Readiness}
	 * @throws UnsupportedOperationException if it cannot, with the reason
	 */
	default void requireSupported(int interest) {
	}

	/**
	 * Tells whether a change that another thread makes during a wait has effect on that
	 * wait.
	 * @return {@code false} if it has effect from the next wait on
	 */
	boolean isConcurrent();

	/**
	 * Tells whether {@link #await} ends at its time-out as exactly as by a timerfd, so
	 * that a loop needs none for the monotonic clock.
	 * @return {@code false} if it rounds its time-out up
	 */
	default boolean isExact() {
		return false;
	}

	/**
	 * Registers a file descriptor, which stays its owner's to close, after
	 * {@link #remove}.
	 * @param fd the file descriptor
	 * @param interest bits of {@link Readiness} to wait for; errors and hang-ups are
	 * always reported, but for what {@link SelectMultiplexer} says
	 * @param trigger when to report it
	 * @param token the token of its events
	 * @throws ErrnoException if it is refused: {@code EPERM} for a regular file or
	 * directory, {@code EEXIST} if it is registered
	 * @throws UnsupportedOperationException if the trigger is not {@linkplain #supports
	 * supported} or the interest is {@linkplain #requireSupported not}, or the kind has
	 * no room for the file descriptor
	 */
	void add(FileDescriptor fd, int interest, Trigger trigger, long token);

	/**
	 * Replaces all that {@link #add} set for a file descriptor, and arms it if it was
	 * reported once.
	 * @param fd the file descriptor
	 * @param interest bits of {@link Readiness}
	 * @param trigger when to report it
	 * @param token the token of its events
	 * @throws ErrnoException if the kernel refuses: {@code ENOENT} if it is not
	 * registered
	 * @throws UnsupportedOperationException if the trigger is not {@linkplain #supports
	 * supported} or the interest is {@linkplain #requireSupported not}
	 */
	void modify(FileDescriptor fd, int interest, Trigger trigger, long token);

	/**
	 * Tells what a registered file descriptor is ready for at this moment, on the thread
	 * of {@link #await}. It takes an exceptional condition from those files of which each
	 * question does.
	 * @param fd the file descriptor
	 * @param interest bits of {@link Readiness} to ask for
	 * @return those of them that it is ready for, none if it is closed
	 */
	int currentReadiness(FileDescriptor fd, int interest);

	/**
	 * Ends all registrations, on the thread of {@link #await} and while no other changes
	 * any, where some cannot be ended one by one: the kernel goes on to report a file
	 * descriptor that other code has closed while a duplicate of it is open.
	 * @return {@code false} if all registrations are as they were, as this kind has none
	 * that cannot be ended
	 * @throws ErrnoException if the kernel refuses; all registrations are as they were
	 */
	default boolean reset() {
		return false;
	}

	/**
	 * Ends the registration of a file descriptor.
	 * @param fd the file descriptor
	 * @throws ErrnoException if the kernel refuses: {@code ENOENT} if it is not
	 * registered
	 */
	void remove(FileDescriptor fd);

	/**
	 * Waits until a registered file descriptor is ready or the time is over; a signal
	 * does not end the wait.
	 * @param timeoutNanos how long to wait in nanoseconds, rounded up to what the kernel
	 * can do; 0 does not wait, a negative number waits without limit
	 * @return the number of events
	 * @throws ErrnoException if the wait fails
	 */
	int await(long timeoutNanos);

	/**
	 * Returns the token of an event of the last wait.
	 * @param index from 0 to the number of events, exclusive
	 * @return the token
	 */
	long token(int index);

	/**
	 * Returns what an event of the last wait reports.
	 * @param index from 0 to the number of events, exclusive
	 * @return bits of {@link Readiness}; with {@link Readiness#NOT_OPEN} the registration
	 * has ended
	 */
	int readiness(int index);

	/**
	 * Releases what it holds in the kernel; the file descriptors that were registered
	 * stay open.
	 */
	@Override
	void close();

}
