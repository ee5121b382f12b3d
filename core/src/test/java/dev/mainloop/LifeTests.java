package dev.mainloop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LifeTests {

	private final Life life = new Life(LoopName.MAIN);

	private final Thread thread = Thread.currentThread();

	private final Thread other = new Thread(() -> {
	});

	@Test
	void newLifeShouldHaveNoOwner() {
		assertLife(MainLoopState.NEW, null);
		assertThat(this.life.isOwnedByCaller()).isFalse();
		assertThat(this.life.isOver()).isFalse();
		assertThat(this.life.isEnding()).isFalse();
		assertThat(this.life.failure()).isNull();
	}

	@Test
	void enterShouldMakeOwner() {
		this.life.enter(this.thread, MainLoopState.RUNNING);
		assertLife(MainLoopState.RUNNING, this.thread);
		assertThat(this.life.isOwnedByCaller()).isTrue();
		assertThat(this.life.leave()).isEqualTo(MainLoopState.RUNNING);
		assertLife(MainLoopState.RUNNING, null);
		assertThat(this.life.isOwnedByCaller()).isFalse();
	}

	@Test
	void enterByAnotherThreadShouldMakeThatTheOwner() {
		this.life.enter(this.other, MainLoopState.RUNNING);
		assertLife(MainLoopState.RUNNING, this.other);
		assertThat(this.life.isOwnedByCaller()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSED")
	void enterForOneIterationShouldLeaveState(MainLoopState state) {
		bring(state);
		this.life.enter(this.thread, null);
		assertLife(state, this.thread);
		assertThat(this.life.leave()).isEqualTo(state);
		assertLife(state, null);
	}

	@ParameterizedTest
	@EnumSource
	void enterWhenOwnedOrClosedShouldThrowAndChangeNothing(MainLoopState state) {
		bring(state);
		if (state != MainLoopState.CLOSED) {
			this.life.enter(this.other, null);
		}
		Thread owner = this.life.owner();
		String message = (state != MainLoopState.CLOSED) ? "The main loop runs on " + this.other + " already"
				: "The main loop is closed";
		assertThatIllegalStateException().isThrownBy(() -> this.life.enter(this.thread, MainLoopState.RUNNING))
			.withMessage(message);
		assertThatIllegalStateException().isThrownBy(this.life::requireEnterable).withMessage(message);
		assertLife(state, owner);
	}

	@Test
	void stopShouldOnlyStopLifeThatRuns() {
		assertThat(this.life.stop()).isFalse();
		this.life.enter(this.thread, MainLoopState.RUNNING);
		assertThat(this.life.stop()).isTrue();
		assertLife(MainLoopState.STOPPING, this.thread);
		assertThat(this.life.isEnding()).isTrue();
		assertThat(this.life.isOver()).isFalse();
		assertThat(this.life.stop()).isFalse();
		assertThat(this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED)).isTrue();
		assertLife(MainLoopState.STOPPED, null);
		assertThat(this.life.stop()).isFalse();
		this.life.enter(this.thread, MainLoopState.RUNNING);
		assertLife(MainLoopState.RUNNING, this.thread);
	}

	@Test
	void goOnShouldTakeStopBack() {
		assertThat(this.life.goOn()).isFalse();
		this.life.enter(this.thread, MainLoopState.RUNNING);
		assertThat(this.life.goOn()).isFalse();
		this.life.stop();
		assertThat(this.life.goOn()).isTrue();
		assertLife(MainLoopState.RUNNING, this.thread);
		assertThat(this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED)).isFalse();
		assertLife(MainLoopState.RUNNING, this.thread);
	}

	@Test
	void goOnWhenNobodyIsOwnerShouldDoNothing() {
		bring(MainLoopState.STOPPING);
		assertThat(this.life.goOn()).isFalse();
		assertLife(MainLoopState.STOPPING, null);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "FAILED", "CLOSED" })
	void failShouldKeepFirstCauseUntilNextRun(MainLoopState state) {
		bring(state);
		this.life.enter(this.thread, null);
		Throwable cause = new IllegalArgumentException("expected");
		this.life.fail(cause);
		this.life.fail(new IllegalArgumentException("second"));
		assertLife(MainLoopState.FAILED, this.thread);
		assertThat(this.life.failure()).isSameAs(cause);
		assertThat(this.life.isOver()).isTrue();
		assertThat(this.life.isEnding()).isTrue();
		assertThatIllegalStateException().isThrownBy(this.life::requireUsable)
			.withMessage("The main loop has failed")
			.withCause(cause);
		assertThat(this.life.leave()).isEqualTo(MainLoopState.FAILED);
		this.life.enter(this.thread, null);
		assertThat(this.life.failure()).isSameAs(cause);
		this.life.leave();
		this.life.enter(this.thread, MainLoopState.RUNNING);
		assertThat(this.life.failure()).isNull();
		this.life.requireUsable();
	}

	@Test
	void recoverShouldMakeFailedLifeUsable() {
		assertThat(this.life.recover()).isFalse();
		bring(MainLoopState.FAILED);
		assertThat(this.life.recover()).isTrue();
		assertLife(MainLoopState.STOPPED, null);
		assertThat(this.life.failure()).isNull();
		this.life.requireUsable();
		assertThat(this.life.recover()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSED")
	void closeShouldBeFinalAndKeepOwner(MainLoopState state) {
		bring(state);
		this.life.enter(this.thread, null);
		assertThat(this.life.close()).isTrue();
		assertThat(this.life.close()).isFalse();
		assertLife(MainLoopState.CLOSED, this.thread);
		assertThat(this.life.isOver()).isTrue();
		assertThat(this.life.isEnding()).isTrue();
		assertThatIllegalStateException().isThrownBy(this.life::requireUsable).withMessage("The main loop is closed");
		this.life.fail(new IllegalStateException("expected"));
		assertThat(this.life.stop()).isFalse();
		assertThat(this.life.goOn()).isFalse();
		assertThat(this.life.recover()).isFalse();
		assertThat(this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED)).isFalse();
		assertLife(MainLoopState.CLOSED, this.thread);
		assertThat(this.life.leave()).isEqualTo(MainLoopState.CLOSED);
		assertLife(MainLoopState.CLOSED, null);
	}

	@ParameterizedTest
	@EnumSource
	void describeShouldBeginSentence(MainLoopState state) {
		bring(state);
		assertThat(this.life.describe()).isEqualTo("The main loop " + switch (state) {
			case NEW, RUNNING -> "runs";
			case STOPPING -> "is stopping";
			case STOPPED -> "has stopped";
			case FAILED -> "has failed";
			case CLOSED -> "is closed";
		});
	}

	@Test
	void enterByManyThreadsShouldMakeOneTheOwner() throws Exception {
		for (int round = 0; round < 200; round++) {
			Life contested = new Life(LoopName.MAIN);
			AtomicInteger entered = new AtomicInteger();
			CountDownLatch start = new CountDownLatch(1);
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				Thread contender = new Thread(() -> {
					try {
						start.await();
						contested.enter(Thread.currentThread(), MainLoopState.RUNNING);
						entered.incrementAndGet();
						assertThat(contested.isOwnedByCaller()).isTrue();
					}
					catch (IllegalStateException | InterruptedException ex) {
						assertThat(ex).isInstanceOf(IllegalStateException.class);
					}
				}, "contender");
				contender.start();
				threads.add(contender);
			}
			start.countDown();
			for (Thread contender : threads) {
				contender.join();
			}
			assertThat(entered).hasValue(1);
		}
	}

	private void bring(MainLoopState state) {
		switch (state) {
			case NEW -> {
			}
			case RUNNING, STOPPING -> {
				this.life.enter(this.thread, state);
				this.life.leave();
			}
			case STOPPED -> {
				this.life.enter(this.thread, MainLoopState.STOPPING);
				this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED);
			}
			case FAILED -> this.life.fail(new IllegalStateException("expected"));
			case CLOSED -> this.life.close();
		}
		assertLife(state, null);
	}

	private void assertLife(MainLoopState state, Thread owner) {
		assertThat(this.life.state()).isEqualTo(state);
		assertThat(this.life.owner()).isSameAs(owner);
	}

}
