package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * What threads leave for the loop, which takes all of it at once. It has no bound and
 * needs no memory, as each {@link Link} is in it at most once.
 */
final class Inbox {

	private static final VarHandle TOP = Fields.handle(MethodHandles.lookup(), "top", Link.class);

	static {
		// What a sender needs is loaded here, and not where its stack may be used up.
		Inbox first = new Inbox();
		first.add(new Link() {
		});
		first.takeAll();
	}

	private volatile @Nullable Link top;

	boolean isEmpty() {
		return this.top == null;
	}

	/**
	 * Adds a link unless it has its place already.
	 * @return {@code true} if this call has added it
	 */
	boolean add(Link link) {
		if (!link.claim()) {
			return false;
		}
		boolean added = false;
		try {
			Link below;
			do {
				below = this.top;
				link.next = below;
			}
			while (!TOP.compareAndSet(this, below, link));
			added = true;
		}
		finally {
			if (!added) {
				link.release();
			}
		}
		return true;
	}

	/**
	 * Takes all links.
	 * @return the one that was added first, which leads to the others in their order, or
	 * {@code null} if there is none
	 */
	@Nullable Link takeAll() {
		if (this.top == null) {
			return null;
		}
		Link newest = (Link) TOP.getAndSet(this, null);
		Link oldest = null;
		while (newest != null) {
			Link below = newest.next;
			newest.next = oldest;
			oldest = newest;
			newest = below;
		}
		return oldest;
	}

}
