package dev.mainloop.libc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class ErrnoExceptionTests {

	@Test
	void messageShouldShowCallArgumentsAndErrorOfRealFailure() {
		ErrnoException exception = new ErrnoException(LibC.close(-1), "close", -1);
		assertThat(exception).hasMessageStartingWith("close(-1): EBADF (").hasMessageEndingWith(")");
		assertThat(exception.getMessage()).doesNotContain("()");
	}

	@Test
	void messageShouldShowEveryArgument(@TempDir Path directory) {
		Path missing = directory.resolve("missing");
		int result = LibC.open(missing.toString().getBytes(StandardCharsets.UTF_8), LibC.O_RDONLY, 0);
		ErrnoException exception = new ErrnoException(result, "open", missing, 0);
		assertThat(exception).hasMessageStartingWith("open(" + missing + ", 0): ENOENT (");
	}

	@Test
	void callErrnoAndIsShouldDescribeFailure() {
		ErrnoException exception = new ErrnoException(LibC.epollControl(-1, LibC.EPOLL_CTL_DEL, 0, 0), "epoll_ctl");
		assertThat(exception.call()).isEqualTo("epoll_ctl");
		assertThat(exception.errno()).isEqualTo(9);
		assertThat(exception.is(Errno.EBADF)).isTrue();
		assertThat(exception.is(Errno.ENOENT)).isFalse();
	}

	@Test
	void argumentsShouldBeAsInTheMessage() {
		ErrnoException exception = new ErrnoException(-2, "open", "a\nb", 0, "x".repeat(1000));
		assertThat(exception.arguments()).containsExactly("a\\u000ab", "0", "x".repeat(500) + "...");
		assertThat(exception).hasMessageStartingWith("open(a\\u000ab, 0, xx").hasMessageContaining("x...): ENOENT (");
	}

	@Test
	void messageWhenErrnoIsUnknownShouldShowNumber() {
		assertThat(new ErrnoException(-4095, "call")).hasMessageStartingWith("call(): errno 4095 (");
	}

}
