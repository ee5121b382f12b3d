package dev.mainloop.libc;

import java.nio.charset.StandardCharsets;

import dev.mainloop.kernel.SystemCall;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LibCTests {

	@LinuxTest
	@Test
	void unavailabilityWhenLinuxShouldBeNull() {
		assertThat(LibC.unavailability()).isNull();
	}

	@Test
	void unavailabilityWhenMacShouldNameIt() {
		String before = System.getProperty("os.name");
		System.setProperty("os.name", "Mac OS X");
		try {
			assertThat(LibC.unavailability())
				.isEqualTo(new Unavailability("epoll is a facility of Linux and this host runs Mac OS X",
						"Run the application on Linux, for instance in a container."));
		}
		finally {
			System.setProperty("os.name", before);
		}
	}

	@LinuxTest
	@Test
	void callWhenItFailsShouldReturnNegatedErrno() {
		assertThat(LibC.close(-1)).isEqualTo(-Errno.EBADF.number());
		assertThat(LibC.read(-1, 0, 0)).isEqualTo(-Errno.EBADF.number());
		assertThat(LibC.write(-1, 0, 0)).isEqualTo(-Errno.EBADF.number());
		assertThat(LibC.timerFdCreate(-1)).isEqualTo(-Errno.EINVAL.number());
		assertThat(LibC.mkfifo("/proc/version/fifo".getBytes(StandardCharsets.US_ASCII), 0600))
			.isEqualTo(-Errno.ENOTDIR.number());
	}

	@LinuxTest
	@Test
	void epollWait2ShouldWaitForTheTimeOrAnEvent() {
		SystemCall.EPOLL_PWAIT2.assume();
		int epollFd = LibC.epollCreate();
		int eventFd = LibC.eventFd(0, 0);
		EpollEvents events = new EpollEvents(2);
		NativeMemory timeout = new NativeMemory(16);
		try {
			events.set(0, 1, 42);
			assertThat(LibC.epollControl(epollFd, LibC.EPOLL_CTL_ADD, eventFd, events.address())).isZero();
			long start = System.nanoTime();
			timeout.putLong(8, 300_000);
			assertThat(LibC.epollWait2(epollFd, events.address(), 2, timeout.address())).isZero();
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000);
			assertThat(LibC.eventFdWrite(eventFd, 1)).isZero();
			assertThat(LibC.epollWait2(epollFd, events.address(), 2, 0)).isOne();
			assertThat(events.data(0)).isEqualTo(42);
			timeout.putLong(8, -1);
			assertThat(LibC.epollWait2(epollFd, events.address(), 2, timeout.address()))
				.isEqualTo(-Errno.EINVAL.number());
		}
		finally {
			LibC.close(eventFd);
			LibC.close(epollFd);
		}
	}

	@LinuxTest
	@Test
	void describeShouldPutErrnoInWords() {
		assertThat(LibC.describe(Errno.ENOENT.number())).isNotBlank();
	}

}
