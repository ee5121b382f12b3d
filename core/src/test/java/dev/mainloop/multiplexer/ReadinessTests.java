package dev.mainloop.multiplexer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadinessTests {

	@Test
	void ofShouldReturnSameObjectForSameBits() {
		for (int bits = 0; bits <= 0x1f; bits++) {
			assertThat(Readiness.of(bits)).isSameAs(Readiness.of(bits)).isEqualTo(new Readiness(bits));
			int closed = bits | Readiness.PEER_CLOSED;
			assertThat(Readiness.of(closed)).isSameAs(Readiness.of(closed)).isEqualTo(new Readiness(closed));
		}
	}

	@Test
	void ofShouldLeaveOutBitsWithoutName() {
		assertThat(Readiness.of(0xffffdfe0)).isSameAs(Readiness.of(0));
		assertThat(Readiness.of(0x40 | Readiness.READABLE)).isSameAs(Readiness.of(Readiness.READABLE));
	}

	@Test
	void questionsShouldFollowBits() {
		assertThat(Readiness.of(Readiness.READABLE).isReadable()).isTrue();
		assertThat(Readiness.of(Readiness.PRIORITY).isPriority()).isTrue();
		assertThat(Readiness.of(Readiness.WRITABLE).isWritable()).isTrue();
		assertThat(Readiness.of(Readiness.ERROR).isError()).isTrue();
		assertThat(Readiness.of(Readiness.HANG_UP).isHangUp()).isTrue();
		assertThat(Readiness.of(Readiness.PEER_CLOSED).isHangUp()).isTrue();
		Readiness nothing = Readiness.of(0);
		assertThat(nothing.isReadable() || nothing.isPriority() || nothing.isWritable() || nothing.isError()
				|| nothing.isHangUp())
			.isFalse();
	}

	@Test
	void toStringShouldNameBits() {
		assertThat(Readiness.of(0)).hasToString("nothing");
		assertThat(Readiness.of(Readiness.READABLE | Readiness.HANG_UP)).hasToString("readable|hang-up");
		assertThat(Readiness.of(0x201f)).hasToString("readable|priority|writable|error|hang-up|peer closed");
	}

}
