package dev.mainloop;

import java.time.Duration;
import java.util.List;

import dev.mainloop.log.LogKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last messages of a loop: how long one that was told to stop goes on to handle what
 * waits and what its handlers send, alone or together with the loops of its group.
 * <p>
 * They are handled in rounds. A round is over when all has been handled that waited when
 * it began, in each queue that is enabled. So a message that was there at the stop is
 * handled in the first round, and one that a handler sends in the round after that of its
 * own message at the latest. When the rounds are over, the loop stops in any case, and
 * has followed every chain of messages, of which each is sent by the handler of the one
 * before, for as many links: {@value #SURE_ROUNDS}, and up to {@value #MOST_ROUNDS} where
 * that takes no longer than {@link #LONGEST}. The rounds of loops that stop together are
 * the same, see {@link MainLoopGroup}, and those of a loop alone its own.
 */
final class LoopStop {

	/** How many rounds there are in any case. */
	static final int SURE_ROUNDS = 1_000;

	/** How many rounds there are at most, as handlers may go on sending for ever. */
	static final int MOST_ROUNDS = 10_000;

	/** After which time there is no further round but those that are sure. */
	static final Duration LONGEST = Duration.ofSeconds(10);

	private static final long LONGEST_NANOS = LONGEST.toNanos();

	private static final Logger logger = LoggerFactory.getLogger(LoopStop.class);

	final Part loop;

	private final @Nullable MainLoopGroup group;

	private final Queues queues;

	/**
	 * The round that its queues are in, 0 before the first; owned by the loop's thread.
	 */
	int round;

	/** When the first round began, by the clock of the loop; owned by its thread. */
	private long begin;

	/** Whether it stops with its group; written with the lock of the group held. */
	private volatile boolean together;

	/** Whether nobody runs it but by hand; guarded by the group, as what follows. */
	boolean byHand;

	/** Whether it handles nothing, and is woken before it does again. */
	boolean idle;

	/** The last round that is over. */
	int lastRound;

	/** What the group has decided; written with its lock held. */
	volatile @Nullable Next decision;

	/**
	 * Creates the stop of a loop.
	 * @param loop the loop
	 * @param group the loops that it may stop with
	 * @param queues its queues
	 */
	LoopStop(Part loop, @Nullable MainLoopGroup group, Queues queues) {
		this.loop = loop;
		this.group = group;
		this.queues = queues;
	}

	/** Whether it stops with its group. */
	boolean isTogether() {
		return this.together;
	}

	/** Whether messages wait that can be handled, or will be. */
	boolean hasWork() {
		return this.queues.hasWork();
	}

	/** Whether the calling thread runs a loop with which this one stops. */
	boolean isPeer() {
		return this.together && this.group != null && this.group.isPeer();
	}

	/** Begins to stop, alone. */
	void begin() {
		leave();
		this.round = 0;
	}

	/**
	 * Begins to stop, with the group.
	 * @param handled whether nobody runs the loop but by hand
	 */
	void join(boolean handled) {
		this.round = 0;
		if (this.group != null) {
			this.group.join(this, handled);
		}
	}

	/** To be called with the lock of the group held. */
	void together(boolean together) {
		this.idle = false;
		this.lastRound = 0;
		this.decision = null;
		this.together = together;
	}

	/**
	 * Does not stop with the group any more, which others may wait for: the loop goes on,
	 * has ended, or stops alone.
	 */
	void leave() {
		if (this.group != null && this.together) {
			this.group.leave(this);
		}
	}

	/** Leaves the group for good, as the loop is closed. */
	void close() {
		leave();
		if (this.group != null) {
			this.group.remove(this);
		}
	}

	/** Begins another turn, on the loop's thread. */
	void beginTurn() {
		int current = (this.group != null && this.together) ? this.group.beginTurn(this) : Math.max(1, this.round);
		if (this.round == 0) {
			this.begin = this.loop.nanoTime();
		}
		if (this.round != current) {
			this.round = current;
			this.queues.beginRound();
		}
	}

	/**
	 * Ends a turn, on the loop's thread.
	 * @param waiting whether messages waited when it began
	 * @return what to do next
	 */
	Next endTurn(boolean waiting) {
		boolean over = !waiting || this.queues.leftInRound() == 0;
		boolean last = over && isLast(this.round, this.loop.nanoTime() - this.begin);
		if (this.group != null && this.together) {
			return this.group.endTurn(this, waiting, over, last);
		}
		if (!waiting) {
			return Next.END;
		}
		if (last) {
			return Next.GIVE_UP;
		}
		if (over) {
			this.round++;
			this.queues.beginRound();
		}
		return Next.GO_ON;
	}

	/**
	 * Whether there is no further round.
	 * @param rounds how many there were
	 * @param nanos how long they have taken, in nanoseconds
	 */
	static boolean isLast(int rounds, long nanos) {
		return rounds >= SURE_ROUNDS && (rounds >= MOST_ROUNDS || nanos >= LONGEST_NANOS);
	}

	/**
	 * Handles the last messages of all loops of the group that are run by hand, if this
	 * one stops with them, and unless that was done before.
	 * @return {@code true} if they go on sending messages
	 */
	boolean drainByHand() {
		return this.group != null && this.together && this.group.drainByHand(this);
	}

	/** Returns the messages that are left, as a log is to be told of them. */
	Left left() {
		List<QueueSource<?>> unfinished = this.queues.unfinished();
		return new Left(unfinished.stream().mapToLong(QueueSource::size).sum(),
				unfinished.stream().map((queue) -> "%d in '%s'".formatted(queue.size(), queue)).toList());
	}

	/** What a group asks of a loop. */
	interface Part extends Loop {

		/** Tells the loop to stop with its group, if it runs. */
		void stopTogether();

		/**
		 * Handles the messages that wait, on the calling thread.
		 * @return {@code false} if none waited
		 */
		boolean handleRound();

	}

	/** What follows a turn. */
	enum Next {

		/** Another turn. */
		GO_ON,

		/** Another turn, when a message has come or the others are done. */
		AWAIT,

		/** The end, as nothing waits. */
		END,

		/** The end, whatever waits. */
		GIVE_UP

	}

	/**
	 * The messages that are left in the queues of a loop that has given up.
	 *
	 * @param count how many they are
	 * @param byQueue how many are in which queue
	 */
	record Left(long count, List<String> byQueue) {

		void log(LoopName name) {
			if (this.count == 0) {
				return;
			}
			logger.atWarn()
				.addKeyValue(LogKeys.MESSAGES, this.count)
				.log(("The %s has stopped with %d messages left, %s: handlers go on sending messages, and each "
						+ "chain of them is followed for %d links, or for %d where they take %d s. What is left waits "
						+ "for the next start")
					.formatted(name, this.count, String.join(", ", this.byQueue), MOST_ROUNDS, SURE_ROUNDS,
							LONGEST.toSeconds()));
		}

	}

}
