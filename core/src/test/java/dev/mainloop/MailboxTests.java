package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.Mailbox.Outcome;
import dev.mainloop.Mailbox.Sender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class MailboxTests {

	private static final int SENDERS = 3;

	private static final long SLOT = 8;

	private final Mailbox<Integer> mailbox = new Mailbox<>(4);

	@Test
	void offerShouldBePolledInOrder() {
		for (int round = 0; round < 10; round++) {
			for (int i = 0; i < 3; i++) {
				assertThat(this.mailbox.offer(i)).isEqualTo(Outcome.ADDED);
				assertThat(this.mailbox.size()).isEqualTo(i + 1);
			}
			assertThat(this.mailbox.isEmpty()).isFalse();
			assertThat(pollAll()).containsExactly(0, 1, 2);
			assertThat(this.mailbox.isEmpty()).isTrue();
			assertThat(this.mailbox.size()).isZero();
		}
	}

	@Test
	void offerWhenFullShouldBeRefusedUntilOneIsPolled() {
		fill();
		for (int round = 0; round < 10; round++) {
			assertThat(this.mailbox.offer(round)).isEqualTo(Outcome.FULL);
			assertThat(this.mailbox.offer(round, Sender.OWNER)).isEqualTo(Outcome.FULL);
			assertThat(this.mailbox.poll()).isNotNull();
			assertThat(this.mailbox.offer(round)).isEqualTo(Outcome.ADDED);
			assertThat(this.mailbox.size()).isEqualTo(4);
		}
		assertThat(pollAll()).containsExactly(6, 7, 8, 9);
	}

	@Test
	void slotsShouldBeFreedManyAtATime() {
		Mailbox<Integer> large = new Mailbox<>(1024);
		while (large.offer(1) == Outcome.ADDED) {
			assertThat(large.size()).isLessThanOrEqualTo(1024);
		}
		poll(large, 63);
		assertThat(large.offer(1)).isEqualTo(Outcome.FULL);
		poll(large, 1);
		assertThat(large.size()).isEqualTo(1024 - 64);
		offer(large, 64);
		assertThat(large.offer(1)).isEqualTo(Outcome.FULL);
		poll(large, 5);
		large.free();
		offer(large, 5);
		assertThat(large.offer(1)).isEqualTo(Outcome.FULL);
		assertThat(large.size()).isEqualTo(1024);
	}

	@Test
	void slotsThatAreFreeShouldHoldNothing() throws Exception {
		fill();
		pollAll();
		this.mailbox.free();
		assertThat((Object[]) field("slots").get(this.mailbox)).containsOnlyNulls();
	}

	private static void poll(Mailbox<Integer> mailbox, int count) {
		for (int i = 0; i < count; i++) {
			assertThat(mailbox.poll()).isNotNull();
		}
	}

	private static void offer(Mailbox<Integer> mailbox, int count) {
		for (int i = 0; i < count; i++) {
			assertThat(mailbox.offer(i)).isEqualTo(Outcome.ADDED);
		}
	}

	@Test
	void capacityShouldBeRoundedUpToPowerOfTwo() {
		assertThat(List.of(1, 2, 3, 4, 5, 1000)).extracting((capacity) -> new Mailbox<>(capacity).capacity())
			.containsExactly(2, 2, 4, 4, 8, 1024);
	}

	@Test
	void offerOfNullShouldThrowAndClaimNothing() {
		assertThatNullPointerException().isThrownBy(() -> this.mailbox.offer(null))
			.withMessage("'message' must not be null");
		assertThat(this.mailbox.isEmpty()).isTrue();
	}

	@Test
	void shutShouldOnlyLetTheOwnerAdd() {
		fill(2);
		this.mailbox.shut();
		this.mailbox.shut();
		assertThat(this.mailbox.offer(8)).isEqualTo(Outcome.REFUSED);
		assertThat(this.mailbox.offer(9, Sender.OWNER)).isEqualTo(Outcome.ADDED);
		assertThat(this.mailbox.isClosed()).isFalse();
		assertThat(pollAll()).containsExactly(0, 1, 9);
		this.mailbox.open();
		assertThat(this.mailbox.offer(10)).isEqualTo(Outcome.ADDED);
		assertThat(pollAll()).containsExactly(10);
	}

	@Test
	void closeShouldRefuseAllForGoodAndKeepWhatIsThere() {
		fill(2);
		this.mailbox.close();
		this.mailbox.open();
		this.mailbox.shut();
		this.mailbox.open();
		assertThat(this.mailbox.isClosed()).isTrue();
		assertThat(this.mailbox.offer(8)).isEqualTo(Outcome.REFUSED);
		assertThat(this.mailbox.offer(9, Sender.OWNER)).isEqualTo(Outcome.REFUSED);
		assertThat(this.mailbox.size()).isEqualTo(2);
		assertThat(pollAll()).containsExactly(0, 1);
	}

	@Test
	void closeWhenFullShouldRefuseAndNotSayFull() {
		fill();
		this.mailbox.close();
		assertThat(this.mailbox.offer(8, Sender.OWNER)).isEqualTo(Outcome.REFUSED);
	}

	@Test
	void pollShouldNotWaitForClaimedSlot() throws Exception {
		int slot = claim();
		assertThat(this.mailbox.poll()).isNull();
		assertThat(this.mailbox.isEmpty()).isFalse();
		assertThat(this.mailbox.size()).isOne();
		assertThat(this.mailbox.offer(1)).isEqualTo(Outcome.ADDED);
		assertThat(this.mailbox.poll()).isNull();
		put(slot, 0);
		assertThat(pollAll()).containsExactly(0, 1);
		assertThat(this.mailbox.isEmpty()).isTrue();
	}

	@Test
	void pollShouldSkipAbandonedSlots() throws Exception {
		Object abandoned = abandoned();
		for (int round = 0; round < 5; round++) {
			put(claim(), abandoned);
			put(claim(), abandoned);
			assertThat(this.mailbox.offer(1)).isEqualTo(Outcome.ADDED);
			put(claim(), abandoned);
			assertThat(this.mailbox.poll()).isEqualTo(1);
			assertThat(this.mailbox.isEmpty()).isFalse();
			assertThat(this.mailbox.poll()).isNull();
			assertThat(this.mailbox.isEmpty()).isTrue();
			fill();
			assertThat(pollAll()).containsExactly(0, 1, 2, 3);
		}
	}

	@Test
	void claimedSlotShouldCountAgainstCapacity() throws Exception {
		int slot = claim();
		fill(3);
		assertThat(this.mailbox.offer(8)).isEqualTo(Outcome.FULL);
		put(slot, 9);
		assertThat(pollAll()).containsExactly(9, 0, 1, 2);
	}

	@ParameterizedTest
	@EnumSource
	void endAtAnyMomentShouldLeaveAcceptedEqualToTaken(End end) throws Exception {
		for (int round = 0; round < 150; round++) {
			Mailbox<Integer> contested = new Mailbox<>(16);
			AtomicLong accepted = new AtomicLong();
			CountDownLatch refused = new CountDownLatch(SENDERS);
			List<Thread> senders = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				senders.add(start(() -> {
					long count = 0;
					Outcome outcome;
					do {
						outcome = contested.offer(1);
						count += (outcome == Outcome.ADDED) ? 1 : 0;
					}
					while (outcome != Outcome.REFUSED);
					accepted.addAndGet(count);
					refused.countDown();
				}));
			}
			long taken = 0;
			for (int i = 0; i < round * 10; i++) {
				taken += (contested.poll() != null) ? 1 : 0;
			}
			end.come(contested);
			long claimed = contested.claimed();
			while (!contested.isEmpty()) {
				taken += (contested.poll() != null) ? 1 : 0;
			}
			assertThat(refused.await(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(contested.poll()).isNull();
			assertThat(contested.claimed()).isEqualTo(claimed);
			assertThat(taken).isEqualTo(accepted.get()).isEqualTo(claimed);
			join(senders);
		}
	}

	@Test
	void manySendersShouldLoseNothingAndKeepTheirOrder() throws Exception {
		int count = 40_000;
		Mailbox<int[]> contested = new Mailbox<>(64);
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < SENDERS; i++) {
			int sender = i;
			senders.add(start(() -> {
				for (int number = 0; number < count; number++) {
					int[] message = { sender, number };
					while (contested.offer(message) != Outcome.ADDED) {
						Thread.yield();
					}
				}
			}));
		}
		int[] next = new int[SENDERS];
		int disorder = 0;
		int wrongSizes = 0;
		int received = 0;
		while (received < SENDERS * count) {
			int size = contested.size();
			wrongSizes += (size < 0 || size > 64) ? 1 : 0;
			int[] message = contested.poll();
			if (message != null) {
				disorder += (message[1] != next[message[0]]++) ? 1 : 0;
				received++;
			}
		}
		join(senders);
		assertThat(disorder).isZero();
		assertThat(wrongSizes).isZero();
		assertThat(next).containsOnly(count);
		assertThat(contested.isEmpty()).isTrue();
	}

	private void fill() {
		fill(this.mailbox.capacity());
	}

	private void fill(int count) {
		for (int i = 0; i < count; i++) {
			assertThat(this.mailbox.offer(i)).isEqualTo(Outcome.ADDED);
		}
	}

	private List<Integer> pollAll() {
		List<Integer> all = new ArrayList<>();
		Integer message = this.mailbox.poll();
		while (message != null) {
			all.add(message);
			message = this.mailbox.poll();
		}
		return all;
	}

	/** Claims a slot as a sender does before it fills it. */
	private int claim() throws Exception {
		Object cursor = field("claimed").get(this.mailbox);
		Class<?> type = cursor.getClass().getSuperclass();
		VarHandle value = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
			.findVarHandle(type, "value", long.class);
		long before = (long) value.getAndAdd(cursor, SLOT);
		return (int) (before / SLOT) % this.mailbox.capacity();
	}

	private void put(int slot, Object message) throws Exception {
		((Object[]) field("slots").get(this.mailbox))[slot] = message;
	}

	private static Object abandoned() throws Exception {
		return field("ABANDONED").get(null);
	}

	private static Field field(String name) throws Exception {
		Field field = Mailbox.class.getDeclaredField(name);
		field.setAccessible(true);
		return field;
	}

	private static Thread start(Runnable action) {
		Thread thread = new Thread(action, "sender");
		thread.start();
		return thread;
	}

	private static void join(List<Thread> threads) throws InterruptedException {
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
			assertThat(thread.isAlive()).isFalse();
		}
	}

	/** What ends a mailbox for its senders. */
	enum End {

		SHUT {

			@Override
			void come(Mailbox<?> mailbox) {
				mailbox.shut();
			}

		},

		CLOSE {

			@Override
			void come(Mailbox<?> mailbox) {
				mailbox.close();
			}

		};

		abstract void come(Mailbox<?> mailbox);

	}

}
