package dev.mainloop;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.Mailbox.Outcome;
import dev.mainloop.Mailbox.Sender;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link EventQueue} and the event source that takes its messages to their handler.
 * Paused, it keeps the messages that wait and takes more until it is full.
 *
 * @param <T> the type of the messages
 */
public class QueueSource<T> extends EventSource implements EventQueue<T> {

	private static final Logger logger = LoggerFactory.getLogger(QueueSource.class);

	private static final long UNTOLD = -1;

	/** As many messages that came during a turn show that senders are at work. */
	private static final int MANY_ARRIVED = 8;

	/** A microsecond or two, depending on the processor. */
	private static final int SPINS = 64;

	private final Loop loop;

	private final Queues queues;

	private final Mailbox<T> mailbox;

	private final Overflow overflow;

	private final MessageHandler<? super T> handler;

	private final Queues.Turn turn = new Queues.Turn(this);

	private final WaitingSenders waitingSenders = new WaitingSenders();

	private final AtomicLong dropped = new AtomicLong();

	private final SourceStatistics statistics = SourceStatistics.ofBatches();

	private final LagProbe lagProbe = new LagProbe();

	/** Whether its turn waits for it to be resumed; owned by the loop's thread. */
	private boolean parked;

	/** Where a round of the loop's last messages ends; owned by the loop's thread. */
	private long roundEnd;

	/**
	 * How many messages were taken when the log was told of those that were left; written
	 * once, with the lock of the mailbox held.
	 */
	private volatile long toldAt = UNTOLD;

	/**
	 * Creates a queue.
	 * @param loop its loop
	 * @param queues where it takes its turns
	 * @param description what log lines call it
	 * @param capacity how many messages can wait, rounded up to a power of two
	 * @param overflow what to do with a message when they are as many
	 * @param handler the handler of its messages
	 */
	QueueSource(Loop loop, Queues queues, String description, int capacity, Overflow overflow,
			MessageHandler<? super T> handler) {
		super(description);
		this.loop = loop;
		if (capacity < 1) {
			throw new IllegalArgumentException("'capacity' must be 1 or more but is " + capacity);
		}
		this.queues = queues;
		this.mailbox = new Mailbox<>(capacity);
		this.overflow = Objects.requireNonNull(overflow, "'overflow' must not be null");
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
	}

	@Override
	public final boolean offer(T message) {
		return add(message, true) == Outcome.ADDED;
	}

	/**
	 * Sends a message if the queue takes it at once, and otherwise has a call made when
	 * there is room, for a sender that keeps the message until then and is not to wait.
	 * Others may have filled the queue again when it is made. Messages are not dropped
	 * for it, whatever the {@link Overflow}.
	 * @param message the message
	 * @param whenRoom what to call once if the queue is full: after messages were handled
	 * on the thread of the loop, and by whoever closes the queue or has the loop stop
	 * with locks of the loop held; it must neither wait nor throw anything, nor do more
	 * than to hand over that there is room, as to what a {@link CompletionPort} is opened
	 * with
	 * @return {@code false} if the queue is full, and the call will be made
	 * @throws MessageRefusedException if the queue is closed or the loop is stopping
	 */
	public final boolean offer(T message, Runnable whenRoom) {
		StackReserve.require();
		return addIfOpen(message, false) || this.waitingSenders.attempt(() -> addIfOpen(message, false), whenRoom);
	}

	/**
	 * Tells how much room there is, and has a call made when there is some if there is
	 * none.
	 * @param whenRoom what to call once then, as {@link #offer(Object, Runnable)} does
	 * @return how many messages the queue would take now, 0 if the call will be made
	 * @throws MessageRefusedException if the queue is closed
	 */
	public final int room(Runnable whenRoom) {
		StackReserve.require();
		int room = room();
		while (room == 0 && this.waitingSenders.attempt(() -> room() != 0 || this.mailbox.isClosed(), whenRoom)) {
			if (this.mailbox.isClosed()) {
				throw new MessageRefusedException("The queue %s is closed".formatted(quoted()));
			}
			room = room();
		}
		return room;
	}

	private int room() {
		if (loop().sender() == Sender.OWNER) {
			this.mailbox.free();
		}
		return this.mailbox.room();
	}

	@Override
	public final void send(T message) {
		if (addIfOpen(message, true)) {
			return;
		}
		if (this.overflow == Overflow.DROP_NEWEST) {
			drop();
		}
		else if (this.overflow == Overflow.BLOCK && mayWait()) {
			block(message);
		}
		else {
			throw full(message);
		}
	}

	/**
	 * Whether room can be made while the calling thread waits: neither by that thread
	 * itself, nor by a loop that it may have yet to run. A handler waits for no other
	 * loop either, as that may wait for its own.
	 */
	private boolean mayWait() {
		return !LoopThreads.isCaller() && loop().isOwned();
	}

	private void block(T message) {
		try {
			addWhenRoom(message, Long.MAX_VALUE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessageRefusedException(
					"The thread was interrupted while it waited for room in the queue %s for %s".formatted(quoted(),
							LogText.of(message)));
		}
	}

	@Override
	public final void send(T message, Duration timeout) throws InterruptedException {
		if (LoopThreads.isCaller()) {
			throw new MessageRefusedException(("A handler cannot wait for room in the queue %s, as its loop would "
					+ "stand still, and so does not send %s: send it without a time-out")
				.formatted(quoted(), LogText.of(message)));
		}
		long nanos = Nanos.of("timeout", timeout);
		if (!addIfOpen(message, true)) {
			addWhenRoom(message, nanos);
		}
	}

	private void addWhenRoom(T message, long nanos) throws InterruptedException {
		StackReserve.require();
		if (!this.waitingSenders.await(() -> addIfOpen(message, true), nanos)) {
			throw full(message);
		}
	}

	private MessageRefusedException full(T message) {
		if (this.overflow == Overflow.BLOCK && LoopThreads.isCaller()) {
			return new MessageRefusedException(("The queue %s is full with %d messages and does not take %s: "
					+ "a handler cannot wait for room, as its loop would stand still")
				.formatted(quoted(), capacity(), LogText.of(message)));
		}
		return new MessageRefusedException(("The queue %s is full with %d messages and does not take %s: "
				+ "its handler is too slow for its senders, or its capacity too small for their bursts")
			.formatted(quoted(), capacity(), LogText.of(message)));
	}

	private boolean addIfOpen(T message, boolean mayDrop) {
		Outcome outcome = add(message, mayDrop);
		if (outcome == Outcome.REFUSED) {
			throw refused(message);
		}
		return outcome == Outcome.ADDED;
	}

	private MessageRefusedException refused(T message) {
		if (isClosed()) {
			return new MessageRefusedException(
					"The queue %s is closed and takes no %s".formatted(quoted(), LogText.of(message)));
		}
		return new MessageRefusedException(
				"%s, and the queue '%s' takes no %s".formatted(loop().describe(), this, LogText.of(message)));
	}

	/**
	 * Adds a message.
	 * @param message the message
	 * @param mayDrop whether another may be dropped for it, if the queue does so
	 */
	private Outcome add(T message, boolean mayDrop) {
		if (!this.lagProbe.isWanted()) {
			return addToMailbox(message, mayDrop);
		}
		this.lagProbe.follow(this.mailbox.claimed(), loop().nanoTime());
		Outcome outcome = addToMailbox(message, mayDrop);
		if (outcome != Outcome.ADDED) {
			this.lagProbe.giveUp();
		}
		return outcome;
	}

	private Outcome addToMailbox(T message, boolean mayDrop) {
		boolean reserved = !this.turn.isClaimed();
		if (reserved) {
			// No message is to be there of which the loop is not told.
			StackReserve.requireSome();
		}
		Outcome outcome = this.mailbox.offer(message);
		if (outcome != Outcome.ADDED) {
			outcome = addAgain(message, mayDrop);
		}
		if (outcome != Outcome.REFUSED) {
			// Also if it is full, as the sender that filled it may not have come to this.
			this.queues.ready(this.turn, reserved);
		}
		return outcome;
	}

	/** Adds a message that was refused, or found the queue full. */
	private Outcome addAgain(T message, boolean mayDrop) {
		Sender sender = loop().sender();
		if (sender == Sender.OWNER) {
			this.mailbox.free();
		}
		Outcome outcome = this.mailbox.offer(message, sender);
		return (outcome == Outcome.FULL && mayDrop && this.overflow == Overflow.DROP_OLDEST)
				? addInsteadOfOldest(message, sender) : outcome;
	}

	private Outcome addInsteadOfOldest(T message, Sender sender) {
		StackReserve.require();
		Outcome outcome;
		do {
			if (poll() != null) {
				drop();
			}
			outcome = this.mailbox.offer(message, sender);
		}
		while (outcome == Outcome.FULL);
		return outcome;
	}

	private @Nullable T poll() {
		if (this.overflow != Overflow.DROP_OLDEST) {
			return this.mailbox.poll();
		}
		// Only then do senders take messages, too.
		synchronized (this.mailbox) {
			T message = this.mailbox.poll();
			this.mailbox.free();
			return message;
		}
	}

	private void drop() {
		if (this.dropped.getAndIncrement() == 0) {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, loop().name().name())
				.addKeyValue(LogKeys.SOURCE, toString())
				.log(("The queue %s is full with %d messages and drops its %s; what it drops from now on is only "
						+ "counted: its handler is too slow for its senders, or its capacity too small for their bursts")
					.formatted(quoted(), capacity(), (this.overflow == Overflow.DROP_OLDEST) ? "oldest" : "newest"));
		}
	}

	@Override
	public final int size() {
		return this.mailbox.size();
	}

	@Override
	public final int capacity() {
		return this.mailbox.capacity();
	}

	@Override
	public final long dropped() {
		return this.dropped.get();
	}

	/**
	 * Returns how many messages it was sent and did not refuse, with those that it has
	 * dropped.
	 * @return the number
	 */
	public final long sent() {
		long added = this.mailbox.claimed();
		return (this.overflow == Overflow.DROP_NEWEST) ? added + dropped() : added;
	}

	@Override
	public final boolean isClosed() {
		return state() == State.CLOSED;
	}

	Queues.Turn turn() {
		return this.turn;
	}

	/** Whether there are messages that are to be handled, now or once it is not held. */
	boolean isUnfinished() {
		return (isEnabled() || isHeld()) && !this.mailbox.isEmpty();
	}

	/** Whether there are messages that can be handled, or will be. */
	boolean hasWork() {
		return isEnabled() && !this.mailbox.isEmpty();
	}

	/** Notes what waits, on the loop's thread. */
	void beginRound() {
		this.roundEnd = this.mailbox.claimed();
	}

	/** Returns how much of what was noted last is to be handled, 0 or less if none. */
	long leftInRound() {
		return isEnabled() ? this.roundEnd - this.mailbox.taken() : 0;
	}

	/**
	 * Handles messages, on the loop's thread.
	 * @param budget how many at most
	 * @param slice ends the batch in time
	 * @return {@code true} if it keeps its turn, as more may be there
	 */
	boolean drain(int budget, TimeSlice slice) {
		this.statistics.beginBatch();
		if (this.lagProbe.isIdle()) {
			this.lagProbe.renew(loop().nanoTime());
		}
		boolean more = handle(budget, slice);
		// What is followed may have been sent and handled since this began.
		lagged();
		this.mailbox.free();
		if (!more) {
			more = isEnabled() ? !giveTurnUp() : park();
		}
		if (this.waitingSenders.isAnyone() && (!more || slice.isOver() || isHalfEmpty())) {
			more |= !wakeSenders();
		}
		return more;
	}

	/**
	 * Whether those that wait for room have enough of it to be worth waking. If not, and
	 * handlers are fast, there will be soon.
	 */
	private boolean isHalfEmpty() {
		return this.mailbox.size() <= capacity() / 2;
	}

	/**
	 * Wakes those that wait for room.
	 * @return {@code false} if they have to be woken after another turn, which is claimed
	 */
	private boolean wakeSenders() {
		try {
			this.waitingSenders.wake();
			return true;
		}
		catch (OutOfMemoryError ex) {
			return !this.turn.claim();
		}
	}

	/**
	 * Handles messages, and tells whether it has left some. Where it has caught up with
	 * senders that go on it waits a moment: otherwise it would follow them from slot to
	 * slot, and they would wait for each other's cache lines.
	 */
	private boolean handle(int budget, TimeSlice slice) {
		long known = this.mailbox.claimed();
		int left = budget;
		while (left > 0 && isEnabled()) {
			int most = (int) Math.min(unremarkable(), Math.min(left, slice.stride()));
			int handled = (most > 0) ? handleMany(most, slice) : handleOne();
			left -= handled;
			if (slice.handled(handled) || loop().isOver()) {
				return true;
			}
			if (handled == 0 && isEnabled()) {
				long taken = this.mailbox.taken();
				if (taken - known < MANY_ARRIVED) {
					return false;
				}
				known = taken;
				spin();
			}
		}
		return isEnabled();
	}

	/** Returns how many messages come before the next that is measured or followed. */
	private long unremarkable() {
		return this.statistics.isWanted() ? 0 : this.lagProbe.followed() - this.mailbox.taken() - 1;
	}

	/** Handles the next message, if there is one, and returns how many that were. */
	private int handleOne() {
		T message = next();
		if (message == null) {
			return 0;
		}
		lagged();
		loop().dispatch(this, message);
		return 1;
	}

	/**
	 * Handles messages that are neither measured nor followed, as far as there are any.
	 * What is done seldom is left to the caller: around each such call the compiled code
	 * would save what it holds in registers, for each message.
	 * @param most how many at most
	 * @param slice which a handler may end
	 * @return how many
	 */
	private int handleMany(int most, TimeSlice slice) {
		int handled = 0;
		while (handled < most && !slice.isOver()) {
			T message = next();
			if (message == null) {
				break;
			}
			loop().dispatchUnmeasured(this, message);
			handled++;
		}
		return handled;
	}

	/**
	 * Takes the next message.
	 * @return the message, or {@code null} if there is none that is to be handled
	 */
	private @Nullable T next() {
		if (!isEnabled() || loop().isOver()) {
			return null;
		}
		T message = poll();
		return (message == null || !loop().isClosed() || !isLeft()) ? message : null;
	}

	/** Notes the lag of the message that is followed, once it was taken. */
	private void lagged() {
		if (this.lagProbe.followed() > this.mailbox.taken()) {
			return;
		}
		long now = loop().nanoTime();
		long nanos = this.lagProbe.end(now);
		if (nanos != LagProbe.UNKNOWN) {
			loop().lagged(this, nanos, now);
		}
	}

	private static void spin() {
		for (int i = 0; i < SPINS; i++) {
			Thread.onSpinWait();
		}
	}

	/** Has the turn wait for the queue to be resumed. */
	private boolean park() {
		this.parked = true;
		VarHandle.fullFence(); // for the look at those that wait
		return false;
	}

	/**
	 * Gives the turn up unless a message is there, or its slot is claimed: that is then
	 * looked at when all others have had their turn.
	 */
	private boolean giveTurnUp() {
		if (!this.mailbox.isEmpty()) {
			return false;
		}
		this.turn.release();
		return this.mailbox.isEmpty() || !this.turn.claim();
	}

	@Override
	public final Kind kind() {
		return Kind.QUEUE;
	}

	@Override
	public final SourceStatistics statistics() {
		return this.statistics;
	}

	@Override
	final long lag(long now, long awake) {
		return LagProbe.UNKNOWN;
	}

	@Override
	final Loop loop() {
		return this.loop;
	}

	@Override
	@SuppressWarnings("unchecked")
	void handle(Object event) throws Exception {
		this.handler.handle((T) event);
	}

	/**
	 * Calls the handler with a message that is measured, for the {@link Dispatcher}
	 * alone.
	 * @param event the message
	 */
	@SuppressWarnings("unchecked")
	void handleMeasured(Object event) throws Exception {
		this.handler.handleMeasured((T) event);
	}

	@Override
	void paused() {
	}

	@Override
	void resumed() {
		loop().settle(this);
	}

	@Override
	void settle() {
		if (state() == State.CLOSED) {
			tellLeft();
		}
		else if (this.parked && isEnabled()) {
			this.parked = false;
			this.queues.resume(this.turn);
		}
	}

	/**
	 * Has it take only the messages of the loop's thread, and of those of loops that stop
	 * with it.
	 */
	void shut() {
		this.mailbox.shut();
		this.waitingSenders.wake();
	}

	/** Has it take only the messages that the loop's thread sends. */
	void seal() {
		this.mailbox.seal();
		this.waitingSenders.wake();
	}

	/** Has it take the messages of all threads again. */
	void open() {
		this.mailbox.open();
	}

	/** Has it take no message any more. */
	void end() {
		this.mailbox.close();
		this.waitingSenders.wake();
	}

	@Override
	void closed() {
		end();
		this.queues.remove(this);
		loop().settle(this);
	}

	/** Tells the log once of the messages that are left in a queue that is closed. */
	void tellLeft() {
		tellLeft(0);
	}

	/**
	 * Whether the message that was taken just now is among those that are left, as the
	 * loop was closed meanwhile: whoever has told of them before has counted it if it was
	 * not taken yet then.
	 */
	private boolean isLeft() {
		return tellLeft(1) || this.mailbox.taken() > this.toldAt;
	}

	/**
	 * Tells the log of the messages that are left, unless it was told.
	 * @param inHand how many messages were taken and are left all the same
	 * @return {@code false} if it was told before
	 */
	private boolean tellLeft(int inHand) {
		long left;
		synchronized (this.mailbox) {
			if (this.toldAt != UNTOLD) {
				return false;
			}
			this.toldAt = this.mailbox.taken() - inHand;
			left = this.mailbox.claimed() - this.toldAt;
		}
		if (left > 0) {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, loop().name().name())
				.addKeyValue(LogKeys.SOURCE, toString())
				.addKeyValue(LogKeys.MESSAGES, left)
				.log("The queue %s was closed with %d messages that were not handled".formatted(quoted(), left));
		}
		return true;
	}

}
