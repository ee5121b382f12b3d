package dev.mainloop.fd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.kernel.StackOverflows;
import dev.mainloop.kernel.SystemCall;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.EpollMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * An io_uring on the kernel of this host, which may refuse it to a container.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class IoUringTests {

	private static final int ENTRIES = 8;

	/** Has a thread of the kernel's complete an operation, {@code IOSQE_ASYNC}. */
	private static final int BY_WORKER = 1 << 4;

	private static final int AT_FDCWD = -100;

	private static final int AT_REMOVEDIR = 0x200;

	private static final int FSYNC_DATASYNC = 1;

	private static final int O_DIRECT = "aarch64".equals(System.getProperty("os.arch")) ? 0200000 : 040000;

	private static final int STATX_SIZE = 0x200;

	private static final int PAGE = 4096;

	private static final int RACES = 20_000;

	private static final int OPENINGS = 200;

	private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(30);

	private static final String KIND = "anon_inode:[io_uring]";

	/** What the kernel may use until the end of a test. */
	private final List<ByteBuffer> memory = new ArrayList<>();

	@TempDir
	private Path directory;

	private EventFd eventFd;

	private IoUring ring;

	@BeforeEach
	void open() {
		SystemCall.IO_URING_SETUP.assume();
		this.eventFd = EventFd.open(0);
		this.ring = IoUring.open(ENTRIES);
		this.ring.register(this.eventFd);
	}

	@AfterEach
	void close() {
		if (this.ring != null) {
			this.ring.close();
			this.eventFd.close();
		}
	}

	@Test
	void readShouldBringWhatWasWritten() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		ByteBuffer bytes = bytes("0123456789abcdef");
		try (FileDescriptor fd = FileDescriptor.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			int number = ProcessFiles.number(fd);
			assertThat(complete(IoUringOpcode.WRITE, number, 4, address(bytes), 16, 0)).isEqualTo(16);
			assertThat(complete(IoUringOpcode.FSYNC, number, 0, 0, 0, FSYNC_DATASYNC)).isZero();
			assertThat(Files.readString(file)).isEqualTo("\0\0\0\0" + "0123456789abcdef");
			assertThat(complete(IoUringOpcode.READ, number, 10, address(bytes), 16, 0)).isEqualTo(10);
			assertThat(text(bytes)).isEqualTo("6789abcdefabcdef");
			assertThat(complete(IoUringOpcode.READ, number, 20, address(bytes), 16, 0)).isZero();
		}
	}

	@Test
	void filesShouldBeMadeChangedAndRemoved() throws IOException {
		Path file = this.directory.resolve("file");
		Path other = this.directory.resolve("other");
		long path = path(file);
		long otherPath = path(other);
		ByteBuffer status = memory(256);
		int flags = LibC.O_CREAT | LibC.O_EXCL | LibC.O_RDWR | LibC.O_CLOEXEC;
		int fd = complete(IoUringOpcode.OPENAT, AT_FDCWD, 0, path, 0600, flags);
		assertThat(ProcessFiles.isOpen(fd, file)).isTrue();
		assertThat(complete(IoUringOpcode.OPENAT, AT_FDCWD, 0, path, 0600, flags)).matches(Errno.EEXIST::is);
		assertThat(complete(IoUringOpcode.FALLOCATE, fd, 0, 2 * PAGE, 0, 0)).isZero();
		assertThat(Files.size(file)).isEqualTo(2 * PAGE);
		int truncated = complete(IoUringOpcode.FTRUNCATE, fd, PAGE, 0, 0, 0);
		assertThat(truncated).isEqualTo(this.ring.supports(IoUringOpcode.FTRUNCATE) ? 0 : -Errno.EINVAL.number());
		assertThat(complete(IoUringOpcode.STATX, AT_FDCWD, address(status), path, STATX_SIZE, 0)).isZero();
		assertThat(status.getLong(0x28)).isEqualTo(Files.size(file)).isEqualTo((truncated == 0) ? PAGE : 2 * PAGE);
		assertThat(complete(IoUringOpcode.CLOSE, fd, 0, 0, 0, 0)).isZero();
		assertThat(ProcessFiles.isOpen(fd, file)).isFalse();
		assertThat(complete(IoUringOpcode.RENAMEAT, AT_FDCWD, otherPath, path, AT_FDCWD, 0)).isZero();
		assertThat(this.directory).isDirectoryContaining(other::equals).isDirectoryNotContaining(file::equals);
		assertThat(complete(IoUringOpcode.UNLINKAT, AT_FDCWD, 0, path, 0, 0)).matches(Errno.ENOENT::is);
		assertThat(complete(IoUringOpcode.UNLINKAT, AT_FDCWD, 0, otherPath, 0, AT_REMOVEDIR))
			.matches(Errno.ENOTDIR::is);
		assertThat(complete(IoUringOpcode.UNLINKAT, AT_FDCWD, 0, otherPath, 0, 0)).isZero();
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void errorsShouldBeResults() {
		ByteBuffer bytes = bytes("0123");
		assertThat(complete(IoUringOpcode.READ, -1, 0, address(bytes), 4, 0)).matches(Errno.EBADF::is);
		try (FileDescriptor fd = FileDescriptor.open(this.directory)) {
			assertThat(complete(IoUringOpcode.READ, ProcessFiles.number(fd), 0, address(bytes), 4, 0))
				.matches(Errno.EISDIR::is);
			assertThat(complete(IoUringOpcode.WRITE, ProcessFiles.number(fd), 0, address(bytes), 4, 0))
				.matches(Errno.EBADF::is);
		}
	}

	@Test
	void operationThatIsWrongShouldNotKeepOthersFromBeingSubmitted() {
		nop(1);
		assertThat(this.ring.prepare(IoUringOpcode.FSYNC, 0, -1, 0, 0, 0, -1, 2)).isTrue();
		nop(3);
		assertThat(this.ring.submit()).isTrue();
		List<String> completions = new ArrayList<>();
		while (this.ring.next()) {
			completions.add(this.ring.userData() + ": " + this.ring.result());
		}
		assertThat(completions).containsExactlyInAnyOrder("1: 0", "2: " + -Errno.EINVAL.number(), "3: 0");
		assertThat(this.ring.inFlight()).isZero();
	}

	@Test
	void prepareWhenQueueIsFullShouldRefuseUntilSubmitted() {
		for (int i = 0; i < ENTRIES; i++) {
			nop(i);
		}
		assertThat(this.ring.prepare(IoUringOpcode.NOP, 0, -1, 0, 0, 0, 0, ENTRIES)).isFalse();
		assertThat(this.ring.inFlight()).isEqualTo(ENTRIES);
		assertThat(this.ring.hasCompletion()).isFalse();
		assertThat(this.ring.submit()).isTrue();
		nop(ENTRIES);
		assertThat(this.ring.submit()).isTrue();
		assertThat(userData()).isEqualTo(bits(ENTRIES + 1));
	}

	@Test
	void completionsThatQueueHasNoRoomForShouldNotBeLost() {
		BitSet taken = new BitSet();
		int count = 20 * ENTRIES;
		for (int i = 0; i < count; i++) {
			nop(i);
			// A kernel may refuse more until some are taken.
			while (!this.ring.submit() && this.ring.next()) {
				taken.set((int) this.ring.userData());
			}
		}
		assertThat(this.ring.inFlight() + taken.cardinality()).isEqualTo(count);
		assertThat(this.ring.hasCompletion()).isTrue();
		taken.or(userData());
		assertThat(taken).isEqualTo(bits(count));
		assertThat(this.ring.inFlight()).isZero();
		assertThat(this.ring.hasCompletion()).isFalse();
	}

	@Test
	void cancelShouldEndOperationWithThatError() {
		ByteBuffer bytes = bytes("0123");
		try (BlockingPipe pipe = BlockingPipe.open()) {
			assertThat(this.ring.prepare(IoUringOpcode.READ, 0, pipe.reader, -1, address(bytes), 4, 0, 5)).isTrue();
			assertThat(this.ring.submit()).isTrue();
			assertThat(this.ring.hasCompletion()).isFalse();
			assertThat(this.ring.prepare(IoUringOpcode.ASYNC_CANCEL, 0, -1, 0, 5, 0, 0, 6)).isTrue();
			for (int i = 0; i < 2; i++) {
				awaitCompletion();
				assertThat(this.ring.result()).isEqualTo((this.ring.userData() == 5) ? -Errno.ECANCELED.number() : 0);
			}
			assertThat(complete(IoUringOpcode.ASYNC_CANCEL, -1, 0, 5, 0, 0)).matches(Errno.ENOENT::is);
		}
	}

	@Test
	void awaitShouldSubmitAndWaitForCompletion() throws InterruptedException {
		ByteBuffer bytes = bytes("0123");
		try (BlockingPipe pipe = BlockingPipe.open()) {
			assertThat(this.ring.prepare(IoUringOpcode.READ, 0, pipe.reader, -1, address(bytes), 4, 0, 5)).isTrue();
			Thread writer = new Thread(() -> pipe.writer.write(ByteBuffer.wrap(new byte[] { 'a', 'b' })), "writer");
			assertThat(this.ring.await(0)).isFalse();
			writer.start();
			awaitCompletion();
			assertThat(this.ring.userData()).isEqualTo(5);
			assertThat(this.ring.result()).isEqualTo(2);
			assertThat(text(bytes)).isEqualTo("ab23");
			writer.join();
		}
	}

	@Test
	void awaitWhenNothingIsInFlightShouldThrow() {
		assertThatIllegalStateException().isThrownBy(() -> this.ring.await(-1)).withMessageContaining("io_uring");
		assertThat(this.ring.submit()).isTrue();
		assertThat(this.ring.next()).isFalse();
	}

	@Test
	void completionShouldWakeMultiplexer() {
		ByteBuffer bytes = bytes("0123");
		try (EpollMultiplexer multiplexer = multiplexer(); BlockingPipe pipe = BlockingPipe.open()) {
			assertThat(this.ring.prepare(IoUringOpcode.READ, 0, pipe.reader, -1, address(bytes), 4, 0, 5)).isTrue();
			assertThat(this.ring.submit()).isTrue();
			assertThat(multiplexer.await(0)).isZero();
			Thread writer = new Thread(() -> pipe.writer.write(ByteBuffer.wrap(new byte[1])), "writer");
			writer.start();
			assertThat(multiplexer.await(TIMEOUT)).isOne();
			assertThat(userData()).isEqualTo(BitSet.valueOf(new long[] { 1 << 5 }));
			nop(1);
			assertThat(this.ring.submit()).isTrue();
			assertThat(multiplexer.await(0)).isOne();
		}
	}

	@Test
	void completionsByThreadsOfKernelShouldWakeMultiplexerEachTime() {
		try (EpollMultiplexer multiplexer = multiplexer()) {
			for (int i = 0; i < RACES; i++) {
				assertThat(this.ring.prepare(IoUringOpcode.NOP, BY_WORKER, -1, 0, 0, 0, 0, i)).isTrue();
				assertThat(this.ring.submit()).isTrue();
				takeOneAfterWait(multiplexer);
				assertThat(this.ring.userData()).isEqualTo(i);
			}
		}
	}

	@Test
	void directReadsShouldWakeMultiplexerEachTime() throws IOException {
		int pages = 256;
		Path file = Files.write(this.directory.resolve("file"), new byte[pages * PAGE]);
		int fd = complete(IoUringOpcode.OPENAT, AT_FDCWD, 0, path(file), 0, LibC.O_RDONLY | LibC.O_CLOEXEC | O_DIRECT);
		Assumptions.assumeThat(fd).as("what opening a file with O_DIRECT returns").isNotNegative();
		ByteBuffer page = memory(2 * PAGE).alignedSlice(PAGE);
		try (FileDescriptor owner = FileDescriptor.adopt(fd, "file"); EpollMultiplexer multiplexer = multiplexer()) {
			for (int i = 0; i < pages; i++) {
				assertThat(this.ring.prepare(IoUringOpcode.READ, 0, ProcessFiles.number(owner), (long) i * PAGE,
						address(page), PAGE, 0, i))
					.isTrue();
				assertThat(this.ring.submit()).isTrue();
				takeOneAfterWait(multiplexer);
				assertThat(this.ring.userData()).isEqualTo(i);
				assertThat(this.ring.result()).isEqualTo(PAGE);
			}
		}
	}

	/** Waits as a loop does: after a look, and for as long as there is nothing. */
	private void takeOneAfterWait(EpollMultiplexer multiplexer) {
		while (!this.ring.hasCompletion()) {
			assertThat(multiplexer.await(TIMEOUT)).isOne();
		}
		assertThat(this.ring.next()).isTrue();
	}

	@Test
	void supportsShouldTellWhatKernelHas() {
		assertThat(IoUringOpcode.values()).filteredOn((opcode) -> opcode != IoUringOpcode.FTRUNCATE)
			.allMatch(this.ring::supports);
	}

	@Test
	void requireFeaturesWhenSomeAreMissingShouldNameKernel() {
		IoUring.requireFeatures(-1);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> IoUring.requireFeatures(0xff))
			.withMessage("The io_uring of this kernel is older than that of Linux 5.12: it lacks the features 0x200");
	}

	@Test
	void openWhenSandboxRefusesItShouldThrowThatError() throws Exception {
		FutureTask<ErrnoException> task = new FutureTask<>(() -> {
			SeccompFilter.refuseIoUring(Errno.EPERM);
			return openingError(ENTRIES, ErrnoException.class);
		});
		new Thread(task, "sandbox").start();
		assertThat(task.get(30, TimeUnit.SECONDS)).hasMessage("io_uring_setup(8): EPERM (Operation not permitted)");
	}

	@Test
	void openWhenItFailsShouldLeaveNothingOpen() throws IOException {
		long mappings = mappings();
		List<String> before = ProcessFiles.anonymous();
		assertThat(openingError(0, ErrnoException.class)).hasMessage("io_uring_setup(0): EINVAL (Invalid argument)");
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(mappings()).isEqualTo(mappings);
	}

	@Test
	void registerShouldTakeOneEventFdThatIsOpen() {
		EventFd other = EventFd.open(0);
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> this.ring.register(other))
			.matches((ex) -> ex.is(Errno.EBUSY));
		other.close();
		assertThatIllegalStateException().isThrownBy(() -> this.ring.register(other)).withMessage(other + " is closed");
	}

	@Test
	void closeShouldLeaveNothingOpenOrMapped() throws IOException {
		long mappings = mappings();
		List<String> before = ProcessFiles.anonymous();
		assertThat(mappings).isPositive();
		assertThat(before).contains(KIND);
		for (int i = 0; i < OPENINGS; i++) {
			try (IoUring other = IoUring.open(ENTRIES)) {
				other.register(this.eventFd);
				assertThat(other.hasCompletion()).isFalse();
			}
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(mappings()).isEqualTo(mappings);
	}

	@Test
	void openAndCloseWhenStackOverflowsShouldLeaveNothingOpenOrMapped() throws Exception {
		long mappings = mappings();
		List<String> before = ProcessFiles.anonymous();
		IoUring[] opened = new IoUring[1];
		int overflows = StackOverflows.of(() -> {
			if (opened[0] == null) {
				opened[0] = IoUring.open(1);
			}
			opened[0].close();
			opened[0] = null;
		});
		assertThat(overflows).isPositive();
		if (opened[0] != null) {
			opened[0].close();
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(mappings()).isEqualTo(mappings);
	}

	@Test
	void useAfterCloseShouldThrow() {
		this.ring.close();
		String message = this.ring + " is closed";
		assertThatIllegalStateException().isThrownBy(() -> nop(1)).withMessage(message);
		assertThatIllegalStateException().isThrownBy(this.ring::submit).withMessage(message);
		assertThatIllegalStateException().isThrownBy(this.ring::hasCompletion).withMessage(message);
		assertThatIllegalStateException().isThrownBy(this.ring::next).withMessage(message);
		assertThatIllegalStateException().isThrownBy(() -> this.ring.await(-1)).withMessage(message);
		this.ring.close();
	}

	@Test
	void operationsShouldAllocateNothing() throws Exception {
		List<String> compiled = List.of("-XX:TieredStopAtLevel=4", "-XX:-TieredCompilation", "-Xbatch");
		try (JavaProgram program = JavaProgram.start(List.of(), compiled, IoUringAllocationProgram.class)) {
			assertThat(program.readLine()).isEqualTo("0.0");
			assertThat(program.exitCode()).isZero();
		}
	}

	private <T extends Throwable> T openingError(int entries, Class<T> type) {
		return catchThrowableOfType(type, () -> IoUring.open(entries));
	}

	private EpollMultiplexer multiplexer() {
		EpollMultiplexer multiplexer = EpollMultiplexer.open();
		multiplexer.add(this.eventFd, Readiness.READABLE, Trigger.EDGE, 0);
		multiplexer.await(0);
		return multiplexer;
	}

	private void nop(long userData) {
		assertThat(this.ring.prepare(IoUringOpcode.NOP, 0, -1, 0, 0, 0, 0, userData)).isTrue();
	}

	/** Returns the result of one operation. */
	private int complete(IoUringOpcode opcode, int fd, long offset, long address, int length, int operationFlags) {
		assertThat(this.ring.prepare(opcode, 0, fd, offset, address, length, operationFlags, -1)).isTrue();
		awaitCompletion();
		assertThat(this.ring.userData()).isEqualTo(-1);
		return this.ring.result();
	}

	private void awaitCompletion() {
		while (!this.ring.await(-1)) {
			assertThat(this.ring.inFlight()).isPositive();
		}
		assertThat(this.ring.next()).isTrue();
	}

	/** Takes all completions, none of which is to come twice. */
	private BitSet userData() {
		BitSet userData = new BitSet();
		while (this.ring.next()) {
			assertThat(userData.get((int) this.ring.userData())).isFalse();
			userData.set((int) this.ring.userData());
		}
		return userData;
	}

	private static BitSet bits(int count) {
		BitSet bits = new BitSet();
		bits.set(0, count);
		return bits;
	}

	private static long mappings() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter((line) -> line.endsWith(KIND)).count();
	}

	private long path(Path path) {
		return address(bytes(path + "\0"));
	}

	private ByteBuffer bytes(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		return memory(bytes.length).put(0, bytes);
	}

	private ByteBuffer memory(int size) {
		ByteBuffer buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
		this.memory.add(buffer);
		return buffer;
	}

	private static String text(ByteBuffer buffer) {
		return StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
	}

	private static long address(ByteBuffer buffer) {
		return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
	}

	/** A pipe whose reads wait. */
	private record BlockingPipe(int reader, FileDescriptor writer) implements AutoCloseable {

		static BlockingPipe open() {
			int[] ends = Kernel.pipe();
			return new BlockingPipe(ends[0], FileDescriptor.adopt(ends[1], "pipe, write end"));
		}

		@Override
		public void close() {
			LibC.close(this.reader);
			this.writer.close();
		}

	}

}
