package dev.mainloop.libc;

import java.util.Arrays;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErrnoTests {

	@Test
	void isShouldRecognizeNegatedNumberOnly() {
		assertThat(Errno.EAGAIN.is(-11)).isTrue();
		assertThat(Errno.EAGAIN.is(11)).isFalse();
		assertThat(Errno.EAGAIN.is(-4)).isFalse();
		assertThat(Errno.EAGAIN.is(0)).isFalse();
	}

	@Test
	void nameShouldNameEveryKnownNumber() {
		assertThat(Errno.values())
			.allSatisfy((errno) -> assertThat(Errno.name(errno.number())).isEqualTo(errno.name()));
	}

	/** By {@code strerrorname_np(3)}, which glibc has from 2.32 on. */
	@LinuxTest
	@Test
	void namesShouldBeThoseOfTheCLibrary() {
		NativeFunction function = new NativeFunction("strerrorname_np", 1);
		for (int number = 1; number < 4096; number++) {
			String name = (function.call(number) != 0) ? function.textFor(number) : "errno " + number;
			assertThat(Errno.name(number)).isEqualTo(name.equals("ENOTSUP") ? "EOPNOTSUPP" : name);
		}
	}

	@Test
	void nameWhenNumberIsUnknownShouldShowNumber() {
		assertThat(Errno.name(4095)).isEqualTo("errno 4095");
		assertThat(Errno.name(0)).isEqualTo("errno 0");
	}

	@Test
	void numbersShouldBeDistinct() {
		assertThat(Arrays.stream(Errno.values()).mapToInt(Errno::number)).doesNotHaveDuplicates();
	}

}
