package dev.mainloop;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * An inbox gives what was added once and in its order, and a link has one place in it.
 * Who changes a source before it adds it is heeded by the loop, which releases a link
 * before it looks at the source.
 */
final class InboxRaces {

	private InboxRaces() {
	}

	private static String takeAll(Inbox inbox) {
		StringBuilder all = new StringBuilder();
		@Nullable Link link = inbox.takeAll();
		while (link != null) {
			all.append(link);
			link = link.next;
		}
		return all.toString();
	}

	private static final class Named extends Link {

		private final String name;

		Named(String name) {
			this.name = name;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** Two threads add links. */
	@JCStressTest
	@Outcome(id = { "abcd", "acbd", "acdb", "cabd", "cadb", "cdab" }, expect = Expect.ACCEPTABLE,
			desc = "All links, those of each thread in their order.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A link is lost or out of order.")
	@State
	public static class TwoThreads {

		private final Inbox inbox = new Inbox();

		private final Link a = new Named("a");

		private final Link b = new Named("b");

		private final Link c = new Named("c");

		private final Link d = new Named("d");

		@Actor
		void one() {
			this.inbox.add(this.a);
			this.inbox.add(this.b);
		}

		@Actor
		void other() {
			this.inbox.add(this.c);
			this.inbox.add(this.d);
		}

		@Arbiter
		void end(L_Result result) {
			result.r1 = takeAll(this.inbox);
		}

	}

	/** A thread adds links while the loop takes all. */
	@JCStressTest
	@Outcome(id = { ", ab", "a, b", "ab, " }, expect = Expect.ACCEPTABLE,
			desc = "Each link is taken once, in their order.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A link is lost, taken twice or out of order.")
	@State
	public static class ThreadAndLoop {

		private final Inbox inbox = new Inbox();

		private final Link a = new Named("a");

		private final Link b = new Named("b");

		@Actor
		void thread() {
			this.inbox.add(this.a);
			this.inbox.add(this.b);
		}

		@Actor
		void loop(LL_Result result) {
			result.r1 = takeAll(this.inbox);
		}

		@Arbiter
		void end(LL_Result result) {
			result.r2 = takeAll(this.inbox);
		}

	}

	/** Two threads add the same link. */
	@JCStressTest
	@Outcome(id = { "true, false, 1", "false, true, 1" }, expect = Expect.ACCEPTABLE, desc = "One of them adds it.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It is not there once.")
	@State
	public static class SameLink {

		private final Inbox inbox = new Inbox();

		private final Link link = new Named("a");

		@Actor
		void one(ZZI_Result result) {
			result.r1 = this.inbox.add(this.link);
		}

		@Actor
		void other(ZZI_Result result) {
			result.r2 = this.inbox.add(this.link);
		}

		@Arbiter
		void end(ZZI_Result result) {
			result.r3 = takeAll(this.inbox).length();
		}

	}

	/** A thread changes a source that is in the inbox, while the loop comes to it. */
	@JCStressTest
	@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The loop sees the change.")
	@Outcome(id = "[a-z]+, true", expect = Expect.ACCEPTABLE, desc = "The loop comes to the source again.")
	@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "The change is lost.")
	@State
	public static class ChangedSource {

		private final Inbox controls = new Inbox();

		private final Link source = new Named("a");

		private volatile boolean changed;

		/** Begins with a control that the loop has not come to. */
		ChangedSource() {
			this.controls.add(this.source);
		}

		@Actor
		void thread() {
			this.changed = true;
			this.controls.add(this.source);
		}

		@Actor
		void loop(ZZ_Result result) {
			@Nullable Link taken = this.controls.takeAll();
			if (taken != null) {
				taken.release();
				result.r1 = this.changed;
			}
		}

		@Arbiter
		void end(ZZ_Result result) {
			result.r2 = !this.controls.isEmpty();
		}

	}

}
