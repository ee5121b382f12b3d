package dev.mainloop.multiplexer;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.StackOverflows;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

@LinuxTest
@EveryMultiplexer
class StackOverflowTests {

	private static final int ENOUGH = 50;

	private final IoMultiplexer multiplexer;

	private final EventFd eventFd = EventFd.open(1);

	private final int number = ProcessFiles.number(this.eventFd);

	private boolean added;

	private long token;

	StackOverflowTests(MultiplexerKind kind) {
		this.multiplexer = kind.get();
	}

	@AfterEach
	void close() {
		this.multiplexer.close();
		this.eventFd.close();
	}

	@Test
	void changesWhenStackOverflowsShouldBeMadeOrNot() throws Exception {
		assertThat(StackOverflows.of(this::change)).isGreaterThan(ENOUGH);
		if (!this.added) {
			change();
		}
		assertThat(this.multiplexer.await(-1)).isOne();
		assertThat(this.multiplexer.token(0)).isEqualTo(this.token);
		assertThatNoException().isThrownBy(() -> this.multiplexer.remove(this.eventFd));
		assertThat(this.multiplexer.await(0)).isZero();
		this.eventFd.close();
		assertThat(ProcessFiles.isOpen(this.number, "anon_inode:[eventfd]")).isFalse();
	}

	private void change() {
		if (!this.added) {
			this.multiplexer.add(this.eventFd, Readiness.READABLE, Trigger.LEVEL, this.token);
			this.added = true;
		}
		else {
			this.multiplexer.modify(this.eventFd, Readiness.READABLE, Trigger.LEVEL, this.token + 1);
			this.token++;
			if (this.token % 2 == 0) {
				this.multiplexer.remove(this.eventFd);
				this.added = false;
			}
		}
	}

}
