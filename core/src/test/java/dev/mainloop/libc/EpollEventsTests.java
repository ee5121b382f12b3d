package dev.mainloop.libc;

import java.lang.ref.Reference;
import java.nio.ByteOrder;

import dev.mainloop.libc.EpollEvents.Layout;
import dev.mainloop.testing.LinuxTest;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledIf("isLittleEndian")
class EpollEventsTests {

	private static final int EVENTS = 0x11223344;

	private static final long DATA = 0x0102030405060708L;

	static boolean isLittleEndian() {
		return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
	}

	@LinuxTest
	@Test
	void setWhenPackedShouldPutDataRightAfterEvents() {
		EpollEvents events = new EpollEvents(2, Layout.PACKED);
		events.set(1, EVENTS, DATA);
		assertThat(bytes(events, 24)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 8, 7,
				6, 5, 4, 3, 2, 1);
	}

	@LinuxTest
	@Test
	void setWhenAlignedShouldPutDataAtOffsetEight() {
		EpollEvents events = new EpollEvents(2, Layout.ALIGNED);
		events.set(1, EVENTS, DATA);
		assertThat(bytes(events, 32)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x44, 0x33, 0x22,
				0x11, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1);
	}

	@LinuxTest
	@Test
	void getShouldReadBackEachElementInBothLayouts() {
		for (Layout layout : Layout.values()) {
			EpollEvents events = new EpollEvents(3, layout);
			for (int i = 0; i < events.capacity(); i++) {
				events.set(i, EVENTS + i, DATA - i);
			}
			for (int i = 0; i < events.capacity(); i++) {
				assertThat(events.events(i)).isEqualTo(EVENTS + i);
				assertThat(events.data(i)).isEqualTo(DATA - i);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "amd64", "x86_64" })
	void ofMachineWhenX8664ShouldBePacked(String architecture) {
		assertThat(Layout.ofMachine(architecture)).isEqualTo(Layout.PACKED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "aarch64", "riscv64", "ppc64le", "s390x" })
	void ofMachineWhenAnotherShouldBeAligned(String architecture) {
		assertThat(Layout.ofMachine(architecture)).isEqualTo(Layout.ALIGNED);
	}

	private static byte[] bytes(EpollEvents events, int size) {
		byte[] bytes = new byte[size];
		Pointer.wrap(Runtime.getSystemRuntime(), events.address(), size).get(0, bytes, 0, size);
		Reference.reachabilityFence(events);
		return bytes;
	}

}
