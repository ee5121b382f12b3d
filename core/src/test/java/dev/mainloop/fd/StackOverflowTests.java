package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.StackOverflows;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class StackOverflowTests {

	private static final int ENOUGH = 50;

	private final EventFd[] opened = new EventFd[10_000];

	private int count;

	private int runs;

	@Test
	void openAndCloseWhenStackOverflowsShouldLeaveNothingOpen() throws Exception {
		List<String> before = ProcessFiles.anonymous();
		int overflows = StackOverflows.of(() -> {
			this.opened[this.count] = EventFd.open(0);
			this.count++;
			this.opened[this.count - 1].close();
			this.count--;
		});
		assertThat(overflows).isGreaterThan(ENOUGH);
		for (int i = 0; i < this.count; i++) {
			this.opened[i].close();
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void callsWhenStackOverflowsShouldNotKeepNumberFromBeingGivenBack() throws Exception {
		FileDescriptor fd = FileDescriptor.open(Path.of("/dev/null"));
		EventFd eventFd = EventFd.open(0);
		int number = ProcessFiles.number(eventFd);
		ByteBuffer buffer = ByteBuffer.allocateDirect(1);
		assertThat(StackOverflows.of(() -> eventFd.add(1))).isGreaterThan(ENOUGH);
		assertThat(StackOverflows.of(eventFd::take)).isGreaterThan(ENOUGH);
		assertThat(StackOverflows.of(() -> fd.read(buffer))).isGreaterThan(ENOUGH);
		assertThat(StackOverflows.of(() -> ProcessFiles.number(fd))).isPositive();
		eventFd.close();
		assertThat(ProcessFiles.isOpen(number, "anon_inode:[eventfd]")).isFalse();
		int numberOfFile = ProcessFiles.number(fd);
		fd.close();
		assertThat(ProcessFiles.isOpen(numberOfFile, "/dev/null")).isFalse();
	}

	@Test
	void onCloseWhenStackOverflowsShouldAddActionOrNot() throws Exception {
		EventFd eventFd = EventFd.open(0);
		Runnable action = () -> this.runs++;
		int overflows = StackOverflows.of(() -> {
			eventFd.onClose(action);
			this.count++;
		});
		assertThat(overflows).isGreaterThan(ENOUGH);
		overflows = StackOverflows.of(() -> {
			eventFd.removeOnClose(action);
			this.count--;
		});
		assertThat(overflows).isGreaterThan(ENOUGH);
		eventFd.onClose(action);
		eventFd.close();
		assertThat(this.runs).isEqualTo(Math.max(this.count, 0) + 1);
	}

}
