package dev.mainloop.multiplexer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is epoll's own, beside {@link IoMultiplexerContractTests}.
 */
@LinuxTest
class EpollMultiplexerTests {

	private static final long LONG = TimeUnit.SECONDS.toNanos(30);

	private final List<String> before = ProcessFiles.anonymous();

	private final EpollMultiplexer multiplexer = EpollMultiplexer.open();

	@AfterEach
	void close() {
		this.multiplexer.close();
	}

	@Test
	void awaitShouldReportAllThatIsReadyAtOnce() {
		int count = 500;
		List<EventFd> eventFds = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				EventFd eventFd = EventFd.open(1);
				eventFds.add(eventFd);
				this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, i);
				if (i == 0 || i == 127 || i == 128) {
					assertThat(this.multiplexer.await(LONG)).isEqualTo(i + 1);
				}
			}
			assertThat(this.multiplexer.await(LONG)).isEqualTo(count);
			Set<Long> tokens = new HashSet<>();
			for (int i = 0; i < count; i++) {
				tokens.add(this.multiplexer.token(i));
			}
			assertThat(tokens).hasSize(count).allMatch((token) -> token >= 0 && token < count);
		}
		finally {
			eventFds.forEach(EventFd::close);
		}
	}

	@Test
	void modifyWhenEdgeShouldReportAnewWhatIsReadyStill() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.EDGE, 1);
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(this.multiplexer.await(0)).isZero();
			this.multiplexer.modify(eventFd, Readiness.READABLE, Trigger.EDGE, 2);
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(this.multiplexer.token(0)).isEqualTo(2);
			assertThat(this.multiplexer.await(0)).isZero();
		}
	}

	@Test
	void closeShouldCloseItsOwnDescriptorOnce() {
		assertThat(ProcessFiles.anonymous()).hasSize(this.before.size() + 1).contains("anon_inode:[eventpoll]");
		this.multiplexer.close();
		try (EventFd sameNumber = EventFd.open(0)) {
			this.multiplexer.close();
			assertThat(sameNumber.add(1)).isTrue();
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(this.before);
	}

}
