package dev.mainloop.libc;

import java.util.BitSet;

import dev.mainloop.kernel.NativeThread;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
class CpuMaskTests {

	private static final int NO_THREAD = Integer.MAX_VALUE;

	@Test
	void maskThatIsTooSmallForTheKernelShouldGrow() {
		CpuMask whole = CpuMask.ofThread(CpuMask.CALLER);
		CpuMask grown = CpuMask.ofThread(CpuMask.CALLER, 1);
		assertThat(grown.size()).isGreaterThan(1);
		assertThat(grown.cpus()).isEqualTo(whole.cpus());
		assertThat(whole.cpus().cardinality()).isPositive();
	}

	@Test
	void maskShouldHaveRoomForAnyCpu() {
		BitSet cpus = new BitSet();
		cpus.set(0);
		cpus.set(1023, 1026);
		cpus.set(65_535);
		assertThat(CpuMask.of(cpus).cpus()).isEqualTo(cpus);
		assertThat(CpuMask.of(cpus).size()).isEqualTo(8192);
	}

	@Test
	void applyToCallerShouldLeaveOutWhatTheMachineDoesNotHave() {
		CpuMask before = CpuMask.ofThread(CpuMask.CALLER);
		int first = before.cpus().nextSetBit(0);
		BitSet cpus = new BitSet();
		cpus.set(first);
		cpus.set(65_000);
		try {
			assertThat(CpuMask.of(cpus).applyToCaller()).isZero();
			assertThat(NativeThread.current().allowedCpus()).isEqualTo(Integer.toString(first));
			cpus.clear(first);
			assertThat(CpuMask.of(cpus).applyToCaller()).isEqualTo(-Errno.EINVAL.number());
		}
		finally {
			assertThat(before.applyToCaller()).isZero();
		}
		assertThat(CpuMask.ofThread(CpuMask.CALLER).cpus()).isEqualTo(before.cpus());
	}

	@Test
	void threadThatIsNotThereShouldBeNamed() {
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> CpuMask.ofThread(NO_THREAD))
			.withMessageStartingWith("sched_getaffinity(2147483647, 128): ESRCH");
	}

}
