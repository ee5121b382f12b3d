package dev.mainloop;

import java.util.Arrays;

import dev.mainloop.LoopStop.Next;
import dev.mainloop.libc.StackReserve;

/**
 * Loops whose handlers send each other messages, and that stop together. A loop is put
 * into a group by {@link MainLoopBuilder#group}, and leaves it when it is closed. All
 * methods may be called by any thread.
 *
 * <h2>The stop</h2> From {@link #stop()} on the queues of the loops that run refuse the
 * messages of all threads but those of these loops, whose handlers may go on sending to
 * each other. {@link MainLoop#run()} returns when all of them have nothing left to
 * handle, and not before. A queue that is paused keeps its messages and holds up nobody.
 * Nor does a loop that does not run, was told to stop alone, fails, is closed, or goes on
 * as it is started again: its messages are refused by the others then.
 *
 * <h2>Messages without end</h2> The loops follow each chain of messages, of which each is
 * sent by the handler of the one before, for 1000 links, and for up to 10000 where they
 * take less than 10 s, whichever loops it passes: in rounds, each of which is over when
 * all that waited at its beginning has been handled. After that they stop, and what is
 * left in their queues is logged with its number and waits for the next start.
 * {@link MainLoop#stop()} does the same with the messages of one loop.
 *
 * <h2>Loops that are run by hand</h2> are stopped by {@link MainLoopInvoker#stop()},
 * after {@link #stop()}. The first such call handles the last messages of all of them, in
 * turn on the calling thread. They and the loops with threads of their own do not wait
 * for each other.
 */
public final class MainLoopGroup {

	private final Object lock = new Object();

	/** Replaced as a whole, with the lock held, so that to read it takes no memory. */
	private volatile LoopStop[] loops = new LoopStop[0];

	/**
	 * How many threads are telling the loops to stop, before which nothing is decided;
	 * written with the lock held.
	 */
	private volatile int telling;

	/** The round that the loops are in; guarded by the lock. */
	private int round;

	/** Creates a group without loops. */
	public MainLoopGroup() {
	}

	/**
	 * Tells all loops of the group that run to stop, together. Returns at once, and does
	 * nothing to the others, nor to those that were told before.
	 */
	public void stop() {
		StackReserve.require();
		tell(1);
		try {
			for (LoopStop stop : this.loops) {
				stop.loop.stopTogether();
			}
		}
		finally {
			tell(-1);
		}
	}

	private void tell(int change) {
		synchronized (this.lock) {
			if (!isStopping()) {
				this.round = 1;
			}
			this.telling += change;
			decideOrWake();
		}
	}

	private boolean isStopping() {
		for (LoopStop stop : this.loops) {
			if (isAwaited(stop)) {
				return true;
			}
		}
		return false;
	}

	void add(LoopStop stop) {
		synchronized (this.lock) {
			LoopStop[] more = Arrays.copyOf(this.loops, this.loops.length + 1);
			more[this.loops.length] = stop;
			this.loops = more;
		}
	}

	void remove(LoopStop stop) {
		synchronized (this.lock) {
			this.loops = Arrays.stream(this.loops).filter((other) -> other != stop).toArray(LoopStop[]::new);
		}
	}

	/** Whether the calling thread runs a loop that stops with the others. */
	boolean isPeer() {
		for (LoopStop stop : this.loops) {
			if (stop.loop.isLoopThread()) {
				// One that is about to be told may send to those that were.
				return this.telling > 0 || stop.isTogether();
			}
		}
		return false;
	}

	void join(LoopStop stop, boolean byHand) {
		synchronized (this.lock) {
			stop.byHand = byHand;
			stop.together(true);
		}
	}

	void leave(LoopStop stop) {
		synchronized (this.lock) {
			stop.together(false);
			decideOrWake();
		}
	}

	/**
	 * Begins a turn of a loop, on its thread.
	 * @return the round that it is in
	 */
	int beginTurn(LoopStop stop) {
		synchronized (this.lock) {
			stop.idle = false;
			return this.round;
		}
	}

	/**
	 * Ends a turn of a loop, on its thread.
	 * @param stop the loop
	 * @param waiting whether messages waited when it began
	 * @param over whether its round is over
	 * @param last whether there is to be no further round
	 * @return what it does next
	 */
	Next endTurn(LoopStop stop, boolean waiting, boolean over, boolean last) {
		synchronized (this.lock) {
			if (over) {
				stop.idle = !waiting;
				stop.lastRound = stop.round;
				decide(last);
			}
			Next decision = stop.decision;
			return (decision != null) ? decision : waiting ? Next.GO_ON : Next.AWAIT;
		}
	}

	/**
	 * Does what {@link #decide} does, or leaves it to the other loops, for want of
	 * memory: each that is woken decides at the end of its turn, or fails and leaves.
	 */
	private void decideOrWake() {
		try {
			decide(false);
		}
		catch (OutOfMemoryError ex) {
			for (LoopStop stop : this.loops) {
				stop.loop.wakeUp();
			}
		}
	}

	/**
	 * Looks whether the loops have ended, or their round is over, with the lock held. No
	 * loop that is idle calls a handler before it has had the lock, so that nothing is
	 * sent while all of them are.
	 * @param last whether there is to be no further round
	 */
	private void decide(boolean last) {
		if (this.telling > 0) {
			return;
		}
		boolean ended = true;
		boolean over = true;
		for (LoopStop stop : this.loops) {
			if (isAwaited(stop)) {
				boolean done = stop.idle && !stop.hasWork();
				ended &= done;
				over &= done || stop.lastRound == this.round;
			}
		}
		if (ended) {
			end(Next.END);
		}
		else if (over && last) {
			end(Next.GIVE_UP);
		}
		else if (over) {
			this.round++;
		}
	}

	private static boolean isAwaited(LoopStop stop) {
		return stop.isTogether() && !stop.byHand && stop.decision == null;
	}

	private void end(Next decision) {
		for (LoopStop stop : this.loops) {
			if (isAwaited(stop)) {
				stop.decision = decision;
				stop.loop.wakeUp();
			}
		}
	}

	/**
	 * Handles the last messages of the loops that are run by hand, in turn, if that was
	 * not done for the one that asks.
	 * @return {@code true} if they go on sending messages
	 */
	boolean drainByHand(LoopStop asking) {
		if (asking.decision == null) {
			long begin = asking.loop.nanoTime();
			boolean waiting = true;
			for (int i = 0; waiting && !LoopStop.isLast(i, asking.loop.nanoTime() - begin); i++) {
				waiting = false;
				for (LoopStop stop : this.loops) {
					waiting |= isByHand(stop) && stop.loop.handleRound();
				}
			}
			for (LoopStop stop : this.loops) {
				if (isByHand(stop)) {
					stop.decision = waiting ? Next.GIVE_UP : Next.END;
				}
			}
		}
		return asking.decision == Next.GIVE_UP;
	}

	private static boolean isByHand(LoopStop stop) {
		return stop.isTogether() && stop.byHand && !stop.loop.isOwned();
	}

}
