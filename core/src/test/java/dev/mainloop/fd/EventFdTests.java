package dev.mainloop.fd;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
class EventFdTests {

	@Test
	void takeShouldReturnSumAndResetIt() {
		try (EventFd eventFd = EventFd.open(3)) {
			assertThat(eventFd.add(4)).isTrue();
			assertThat(eventFd.add(0)).isTrue();
			assertThat(eventFd.take()).isEqualTo(7);
			assertThat(eventFd.take()).isZero();
		}
	}

	@Test
	void takeWhenSemaphoreShouldTakeOneAtATime() {
		try (EventFd eventFd = EventFd.openSemaphore(1)) {
			eventFd.add(2);
			assertThat(eventFd.take()).isOne();
			assertThat(ProcessFiles.eventFdCount(eventFd)).isEqualTo(2);
			assertThat(eventFd.take()).isOne();
			assertThat(eventFd.take()).isOne();
			assertThat(eventFd.take()).isZero();
		}
	}

	@Test
	void addWhenCounterWouldOverflowShouldRefuseAndLeaveIt() {
		try (EventFd eventFd = EventFd.open(0)) {
			assertThat(eventFd.add(Long.MAX_VALUE)).isTrue();
			assertThat(eventFd.add(Long.MAX_VALUE)).isTrue();
			assertThat(eventFd.add(1)).isFalse();
			assertThat(Long.toUnsignedString(eventFd.take())).isEqualTo("18446744073709551614");
			assertThat(eventFd.add(1)).isTrue();
			assertThat(eventFd.take()).isOne();
		}
	}

	@Test
	void addWhenSemaphoreIsFullShouldRefuseUntilOneIsTaken() {
		try (EventFd eventFd = EventFd.openSemaphore(Integer.MAX_VALUE)) {
			assertThat(ProcessFiles.eventFdCount(eventFd)).isEqualTo(Integer.MAX_VALUE);
			assertThat(eventFd.add(Long.MAX_VALUE)).isTrue();
			assertThat(eventFd.add(Long.MAX_VALUE - Integer.MAX_VALUE)).isTrue();
			assertThat(eventFd.add(1)).isFalse();
			assertThat(eventFd.take()).isOne();
			assertThat(eventFd.add(1)).isTrue();
			assertThat(eventFd.add(1)).isFalse();
			assertThat(Long.toUnsignedString(ProcessFiles.eventFdCount(eventFd))).isEqualTo("18446744073709551614");
		}
	}

	@Test
	void openWithInitialValueShouldBeReadable() {
		try (EventFd eventFd = EventFd.open(Integer.MAX_VALUE)) {
			assertThat(eventFd.take()).isEqualTo(Integer.MAX_VALUE);
		}
	}

	@Test
	void openWhenInitialValueIsNegativeShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> EventFd.open(-1)).withMessageContaining("initialValue");
		assertThatIllegalArgumentException().isThrownBy(() -> EventFd.openSemaphore(-1));
	}

	@Test
	void addWhenValueIsNegativeShouldThrow() {
		try (EventFd eventFd = EventFd.open(0)) {
			assertThatIllegalArgumentException().isThrownBy(() -> eventFd.add(-1)).withMessageContaining("'value'");
			assertThat(eventFd.take()).isZero();
		}
	}

	@Test
	void addAndTakeByTwoThreadsShouldLoseNothing() throws Exception {
		int count = 20_000;
		try (EventFd eventFd = EventFd.open(0)) {
			CompletableFuture<Void> adder = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < count; i++) {
					eventFd.add(2);
				}
			});
			long sum = 0;
			while (!adder.isDone()) {
				sum += eventFd.take();
			}
			adder.get(30, TimeUnit.SECONDS);
			assertThat(sum + eventFd.take()).isEqualTo(2L * count);
		}
	}

}
