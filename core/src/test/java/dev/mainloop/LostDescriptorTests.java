package dev.mainloop;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Numbers of file descriptors that other code closes while the loop watches them, and
 * those that several owners think they have.
 */
@LinuxTest
@EveryMultiplexer
@ExtendWith(OutputCaptureExtension.class)
class LostDescriptorTests {

	private static final int F_DUPFD = 0;

	private final MultiplexerKind kind;

	private final EventCount events;

	private final MainLoop loop;

	private final List<String> calls = new ArrayList<>();

	LostDescriptorTests(MultiplexerKind kind) {
		this.kind = kind;
		this.events = new EventCount(kind.get());
		this.loop = MainLoop.builder().multiplexer(() -> this.events).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void numberThatIsClosedElsewhereShouldBeToldOnce(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			FileDescriptor lost = FileDescriptor.borrow(duplicate(pipe.reader()), "lost");
			DescriptorSource[] sources = { watch("one", lost), watch("other", lost) };
			Kernel.close(ProcessFiles.number(lost));
			runOnce(3);
			sources[0].close();
			sources[1].close();
			runOnce(3);
			assertThat(output)
				.containsOnlyOnce("gets no events any more, as other code has closed the number of " + lost);
			assertThat(this.calls).isEmpty();
			assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
		}
	}

	@Test
	void numberThatIsClosedElsewhereWithADuplicateLeftShouldNotBeSpunOn(CapturedOutput output) {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(0)) {
			FileDescriptor lost = FileDescriptor.borrow(duplicate(pipe.reader()), "lost");
			DescriptorSource source = watch("reader", lost);
			watch("other", other);
			Kernel.close(ProcessFiles.number(lost));
			pipe.writer().write(ByteBuffer.allocate(1));
			runOnce(5);
			assertThat(output)
				.containsOnlyOnce("'reader' gets no events any more, as other code has closed the number of " + lost);
			assertThat(this.events.last).isZero();
			assertThat(this.calls).hasSize((this.kind == MultiplexerKind.EPOLL) ? 1 : 0);
			assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 1);
			other.add(1);
			this.loop.runOnce();
			assertThat(this.calls).last().isEqualTo("other");
			source.pause();
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(source::resume)
				.matches((ex) -> ex.is(Errno.EBADF));
		}
	}

	@Test
	void numberThatIsUsedAgainShouldBelongToItsNewOwner(CapturedOutput output) {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(1)) {
			FileDescriptor lost = FileDescriptor.borrow(duplicate(pipe.reader()), "lost");
			DescriptorSource former = watch("former", lost);
			Kernel.close(ProcessFiles.number(lost));
			this.loop.runOnce();
			int number = duplicate(other);
			assertThat(number).isEqualTo(ProcessFiles.number(lost));
			try (FileDescriptor latter = FileDescriptor.adopt(number, "latter")) {
				watch("latter", latter);
				this.loop.runOnce();
				former.close();
				other.add(1);
				this.loop.runOnce();
				assertThat(this.calls).containsExactly("latter", "latter");
			}
			assertThat(output).containsOnlyOnce("'former' gets no events any more")
				.doesNotContain("'latter' gets no events any more");
		}
	}

	@Test
	void numberThatIsAdoptedTwiceShouldBeRefused() {
		try (Pipe pipe = Pipe.open()) {
			FileDescriptor again = FileDescriptor.borrow(ProcessFiles.number(pipe.reader()), "again");
			watch("one", pipe.reader());
			assertThatIllegalArgumentException().isThrownBy(() -> watch("other", again))
				.withMessageStartingWith(again + " cannot be watched, as the loop watches its number already")
				.withCauseInstanceOf(ErrnoException.class);
			pipe.writer().write(ByteBuffer.allocate(1));
			this.loop.runOnce();
			assertThat(this.calls).containsExactly("one");
			pipe.reader().close();
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> watch("other", again))
				.matches((ex) -> ex.is(Errno.EBADF));
		}
	}

	private DescriptorSource watch(String name, FileDescriptor fd) {
		return this.loop.watch(name, fd, Readiness.READABLE, (same, readiness) -> {
			this.calls.add(name);
			same.read(ByteBuffer.allocate(8));
		});
	}

	private void runOnce(int times) {
		for (int i = 0; i < times; i++) {
			this.loop.runOnce();
		}
	}

	/** Duplicates a file descriptor, under the same number each time it is free. */
	private static int duplicate(FileDescriptor fd) {
		return LibC.fcntl(ProcessFiles.number(fd), F_DUPFD, ProcessFiles.HIGH_NUMBER);
	}

	/** Counts the events of the last wait. */
	private static final class EventCount extends DelegatingMultiplexer {

		private int last;

		EventCount(IoMultiplexer delegate) {
			super(delegate);
		}

		@Override
		public int await(long timeoutNanos) {
			this.last = super.await(timeoutNanos);
			return this.last;
		}

	}

}
