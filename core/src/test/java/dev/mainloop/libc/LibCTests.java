package dev.mainloop.libc;

import java.nio.ByteBuffer;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LibCTests {

	@LinuxTest
	@Test
	void unavailabilityCauseWhenLinuxShouldBeNull() {
		assertThat(LibC.unavailabilityCause()).isNull();
	}

	@Test
	void unavailabilityCauseWhenMacShouldNameIt() {
		String before = System.getProperty("os.name");
		System.setProperty("os.name", "Mac OS X");
		try {
			assertThat(LibC.unavailabilityCause())
				.isEqualTo("epoll is a facility of Linux and this host runs Mac OS X");
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
		assertThat(LibC.write(-1, ByteBuffer.wrap(new byte[1]))).isEqualTo(-Errno.EBADF.number());
		assertThat(LibC.timerFdCreate(-1)).isEqualTo(-Errno.EINVAL.number());
		assertThat(LibC.mkfifo("/proc/version/fifo", 0600)).isEqualTo(-Errno.ENOTDIR.number());
	}

	@LinuxTest
	@Test
	void describeShouldPutErrnoInWords() {
		assertThat(LibC.describe(Errno.ENOENT.number())).isNotBlank();
	}

}
