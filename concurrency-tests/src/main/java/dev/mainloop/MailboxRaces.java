package dev.mainloop;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A mailbox keeps the order of each sender, loses nothing, publishes what it takes, and
 * takes nothing that it does not count.
 */
final class MailboxRaces {

	private MailboxRaces() {
	}

	private static String drain(Mailbox<String> mailbox) {
		StringBuilder all = new StringBuilder();
		String message = mailbox.poll();
		while (message != null) {
			all.append(message);
			message = mailbox.poll();
		}
		return all.toString();
	}

	/** Two senders. */
	@JCStressTest
	@Outcome(id = { "abcd", "acbd", "acdb", "cabd", "cadb", "cdab" }, expect = Expect.ACCEPTABLE,
			desc = "All messages, those of each sender in their order.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A message is lost or out of order.")
	@State
	public static class TwoSenders {

		private final Mailbox<String> mailbox = new Mailbox<>(4);

		@Actor
		void one() {
			this.mailbox.offer("a");
			this.mailbox.offer("b");
		}

		@Actor
		void other() {
			this.mailbox.offer("c");
			this.mailbox.offer("d");
		}

		@Arbiter
		void end(L_Result result) {
			result.r1 = drain(this.mailbox);
		}

	}

	/** A sender that is held up against one that also takes. */
	@JCStressTest
	@Outcome(
			id = { ", acd", ", cad", ", cda", "a, cd", "c, ad", "c, da", "ac, d", "ca, d", "cd, a", "acd, ", "cad, ",
					"cda, " },
			expect = Expect.ACCEPTABLE, desc = "What was taken and what is left are all messages, in their order.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A message is lost or out of order.")
	@State
	public static class SendersAndTaker {

		private final Mailbox<String> mailbox = new Mailbox<>(4);

		@Actor
		void sender() {
			this.mailbox.offer("a");
		}

		@Actor
		void taker(LL_Result result) {
			this.mailbox.offer("c");
			this.mailbox.offer("d");
			result.r1 = drain(this.mailbox);
		}

		@Arbiter
		void end(LL_Result result) {
			result.r2 = drain(this.mailbox);
		}

	}

	/** A message with a plain field. */
	@JCStressTest
	@Outcome(id = { "-1", "1" }, expect = Expect.ACCEPTABLE, desc = "Not there yet, or with what its sender wrote.")
	@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "The message is seen before what its sender wrote.")
	@State
	public static class Publication {

		private final Mailbox<Message> mailbox = new Mailbox<>(2);

		@Actor
		void sender() {
			Message message = new Message();
			message.value = 1;
			this.mailbox.offer(message);
		}

		@Actor
		void taker(I_Result result) {
			@Nullable Message message = this.mailbox.poll();
			result.r1 = (message != null) ? message.value : -1;
		}

		private static final class Message {

			private int value;

		}

	}

	/** A sender to a mailbox that is full, while a message is taken. */
	@JCStressTest
	@Outcome(id = "ADDED, bc", expect = Expect.ACCEPTABLE, desc = "It finds the slot that was emptied.")
	@Outcome(id = "FULL, b", expect = Expect.ACCEPTABLE, desc = "It comes before the slot was emptied.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A message is overwritten, or lost, or refused for no reason.")
	@State
	public static class FullMailbox {

		private final Mailbox<String> mailbox = new Mailbox<>(2);

		/** Begins with a mailbox that is full. */
		FullMailbox() {
			this.mailbox.offer("a");
			this.mailbox.offer("b");
		}

		@Actor
		void sender(LL_Result result) {
			result.r1 = this.mailbox.offer("c");
		}

		@Actor
		void taker() {
			this.mailbox.poll();
		}

		@Arbiter
		void end(LL_Result result) {
			result.r2 = drain(this.mailbox);
		}

	}

	/** A sender to a mailbox that is being closed. */
	@JCStressTest
	@Outcome(id = { "0, 0, 0", "1, 1, 1", "2, 2, 2" }, expect = Expect.ACCEPTABLE,
			desc = "What it took is what was counted once it was closed.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A message was taken and not counted, or counted and not taken.")
	@State
	public static class ClosedMailbox {

		private final Mailbox<String> mailbox = new Mailbox<>(2);

		@Actor
		void sender(III_Result result) {
			result.r1 = accepted() + accepted();
		}

		private int accepted() {
			return (this.mailbox.offer("a", Mailbox.Sender.OWNER) == Mailbox.Outcome.ADDED) ? 1 : 0;
		}

		@Actor
		void closer(III_Result result) {
			this.mailbox.close();
			result.r2 = this.mailbox.size();
		}

		@Arbiter
		void end(III_Result result) {
			result.r3 = drain(this.mailbox).length();
		}

	}

	/** A sender to a mailbox that is being shut and takes what its owner adds. */
	@JCStressTest
	@Outcome(id = "ADDED, abc", expect = Expect.ACCEPTABLE,
			desc = "The sender comes before the mark, and so before what the owner adds after it.")
	@Outcome(id = "REFUSED, bc", expect = Expect.ACCEPTABLE,
			desc = "The sender comes after the mark, which does not hold for the owner.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The mark does not tell what is taken, or the owner is refused.")
	@State
	public static class ShutMailbox {

		private final Mailbox<String> mailbox = new Mailbox<>(4);

		@Actor
		void sender(LL_Result result) {
			result.r1 = this.mailbox.offer("a");
		}

		@Actor
		void owner() {
			this.mailbox.shut();
			this.mailbox.offer("b", Mailbox.Sender.OWNER);
			this.mailbox.offer("c", Mailbox.Sender.OWNER);
		}

		@Arbiter
		void end(LL_Result result) {
			result.r2 = drain(this.mailbox);
		}

	}

	/** A peer that sends to a mailbox which is shut, and is being sealed. */
	@JCStressTest
	@Outcome(id = "ADDED, REFUSED, ab", expect = Expect.ACCEPTABLE,
			desc = "The peer comes before the mark, and so before what the owner adds after it.")
	@Outcome(id = "REFUSED, REFUSED, b", expect = Expect.ACCEPTABLE, desc = "The peer comes after the mark.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The mark does not tell what is taken.")
	@State
	public static class SealedMailbox {

		private final Mailbox<String> mailbox = new Mailbox<>(4);

		/** Begins with a mailbox that is shut. */
		SealedMailbox() {
			this.mailbox.shut();
		}

		@Actor
		void peer(LLL_Result result) {
			result.r1 = this.mailbox.offer("a", Mailbox.Sender.PEER);
			result.r2 = this.mailbox.offer("c");
		}

		@Actor
		void owner() {
			this.mailbox.seal();
			this.mailbox.offer("b", Mailbox.Sender.OWNER);
		}

		@Arbiter
		void end(LLL_Result result) {
			result.r3 = drain(this.mailbox);
		}

	}

	/** A mailbox that is shut and opened again, while another thread closes it. */
	@JCStressTest
	@Outcome(id = { "0, 0", "1, 1" }, expect = Expect.ACCEPTABLE,
			desc = "It is closed, and what it took before is counted.")
	@Outcome(expect = Expect.FORBIDDEN,
			desc = "To open it has undone that it was closed, or the number of its messages.")
	@State
	public static class OpenedMailbox {

		private final Mailbox<String> mailbox = new Mailbox<>(4);

		@Actor
		void opener(II_Result result) {
			this.mailbox.shut();
			this.mailbox.open();
			result.r1 = (this.mailbox.offer("a") == Mailbox.Outcome.ADDED) ? 1 : 0;
		}

		@Actor
		void closer() {
			this.mailbox.close();
		}

		@Arbiter
		void end(II_Result result) {
			boolean refused = this.mailbox.offer("b", Mailbox.Sender.OWNER) == Mailbox.Outcome.REFUSED;
			result.r2 = refused ? this.mailbox.size() : -1;
		}

	}

}
