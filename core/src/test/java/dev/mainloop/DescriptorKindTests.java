package dev.mainloop;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The loop with file descriptors of many kinds that other code has opened.
 */
@LinuxTest
class DescriptorKindTests {

	private static final int TIMEOUT_SECONDS = 20;

	private static final int EINPROGRESS = 115;

	private static final int NON_BLOCKING = 04000;

	private static final int CLOSE_ON_EXEC = 02000000;

	private final MainLoop loop = MainLoop.builder().build();

	private final List<Integer> readiness = new ArrayList<>();

	private final StringBuilder received = new StringBuilder();

	private final List<FileDescriptor> descriptors = new ArrayList<>();

	private boolean ended;

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.loop.close();
		this.descriptors.forEach(FileDescriptor::close);
	}

	@Test
	void pipeShouldBeReadUntilItsEnd() {
		int[] ends = Kernel.pipe();
		FileDescriptor input = adopt(ends[0], "input");
		FileDescriptor output = adopt(ends[1], "output");
		read(input);
		this.loop.runOnce();
		assertThat(this.readiness).isEmpty();
		write(output, "one");
		await(() -> received("one"));
		assertThat(this.readiness).containsExactly(Readiness.READABLE);
		write(output, "two");
		output.close();
		await(() -> this.ended);
		assertThat(this.received).hasToString("onetwo");
		assertThat(last()).isEqualTo(Readiness.HANG_UP);
	}

	@Test
	void pipeThatIsFullShouldBeWritableOnceItIsRead() {
		int[] ends = Kernel.pipe();
		FileDescriptor input = adopt(ends[0], "input");
		FileDescriptor output = adopt(ends[1], "output");
		fill(output);
		this.loop.watch("output", output, Readiness.WRITABLE, this::note);
		this.loop.runOnce();
		assertThat(this.readiness).isEmpty();
		drain(input);
		await(() -> !this.readiness.isEmpty());
		assertThat(last()).isEqualTo(Readiness.WRITABLE);
	}

	@Test
	void pipeWithoutReaderShouldReportError() {
		int[] ends = Kernel.pipe();
		FileDescriptor input = adopt(ends[0], "input");
		FileDescriptor output = adopt(ends[1], "output");
		fill(output);
		this.loop.watch("output", output, Readiness.WRITABLE, this::note);
		input.close();
		await(() -> !this.readiness.isEmpty());
		assertThat(Readiness.of(last()).isError()).isTrue();
		assertErrno(Errno.EPIPE, () -> output.write(bytes("x")));
	}

	@Test
	void fifoShouldServeWritersThatComeAndGo() throws Exception {
		Path path = this.directory.resolve("fifo");
		FileDescriptor fifo = FileDescriptor.openFifo(path);
		this.descriptors.add(fifo);
		read(fifo);
		for (String text : List.of("a", "b", "c")) {
			assertThat(new ProcessBuilder("sh", "-c", "printf " + text + " > " + path).start().waitFor()).isZero();
			await(() -> this.received.toString().endsWith(text));
		}
		assertThat(this.received).hasToString("abc");
		assertThat(this.readiness).containsOnly(Readiness.READABLE);
	}

	@Test
	void unixSocketShouldBeReadAndTellThatPeerHasClosed() {
		int[] ends = Kernel.unixSockets();
		FileDescriptor here = adopt(ends[0], "here");
		FileDescriptor there = adopt(ends[1], "there");
		read(here);
		write(there, "hello");
		await(() -> received("hello"));
		write(here, "answer");
		assertThat(take(there)).isEqualTo("answer");
		there.close();
		await(() -> this.ended);
		assertThat(last()).isEqualTo(Readiness.READABLE | Readiness.HANG_UP | Readiness.PEER_CLOSED);
		assertThat(Readiness.of(last()).isHangUp()).isTrue();
		assertErrno(Errno.EPIPE, () -> here.write(bytes("x")));
	}

	@Test
	void unixSocketThatIsFullShouldBeWritableOnceItIsRead() {
		int[] ends = Kernel.unixSockets();
		FileDescriptor here = adopt(ends[0], "here");
		FileDescriptor there = adopt(ends[1], "there");
		fill(here);
		this.loop.watch("here", here, Readiness.WRITABLE, this::note);
		this.loop.runOnce();
		assertThat(this.readiness).isEmpty();
		drain(there);
		await(() -> !this.readiness.isEmpty());
		assertThat(last()).isEqualTo(Readiness.WRITABLE);
	}

	@Test
	void tcpSocketShouldConnectReadAndTellThatPeerHasShutDown() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			FileDescriptor client = adopt(Kernel.tcpSocket(), "client");
			int result = Kernel.connect(ProcessFiles.number(client), server.getLocalPort());
			assertThat(result == 0 || result == -EINPROGRESS).as("result %d of connect", result).isTrue();
			DescriptorSource source = this.loop.watch("client", client, Readiness.WRITABLE, this::note);
			await(() -> !this.readiness.isEmpty());
			assertThat(last()).isEqualTo(Readiness.WRITABLE);
			source.close();
			try (Socket peer = server.accept()) {
				write(client, "question");
				assertThat(new String(peer.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
					.isEqualTo("question");
				read(client);
				peer.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
				await(() -> received("answer"));
				peer.shutdownOutput();
				await(() -> this.ended);
				assertThat(last()).isEqualTo(Readiness.READABLE | Readiness.PEER_CLOSED);
			}
		}
	}

	@Test
	void tcpConnectionThatIsRefusedShouldReportError() throws Exception {
		int port;
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = server.getLocalPort();
		}
		FileDescriptor client = adopt(Kernel.tcpSocket(), "client");
		Kernel.connect(ProcessFiles.number(client), port);
		this.loop.watch("client", client, Readiness.WRITABLE, this::note);
		await(() -> !this.readiness.isEmpty());
		assertThat(Readiness.of(last()).isHangUp()).isTrue();
	}

	@Test
	void tcpConnectionThatIsResetShouldReportError() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			int number = Kernel.tcpSocket();
			assertThat(Kernel.connect(number, server.getLocalPort())).isZero();
			FileDescriptor client = adopt(number, "client");
			this.loop.watch("client", client, Readiness.READABLE, this::note);
			try (Socket peer = server.accept()) {
				peer.setSoLinger(true, 0);
			}
			await(() -> !this.readiness.isEmpty());
			assertThat(Readiness.of(last()).isError()).isTrue();
			assertThat(Readiness.of(last()).isHangUp()).isTrue();
			assertErrno(Errno.ECONNRESET, () -> client.read(ByteBuffer.allocate(1)));
		}
	}

	@Test
	void tcpSocketThatListensShouldBeReadableForEachConnection() throws Exception {
		int number = Kernel.tcpSocket();
		int port = Kernel.listen(number);
		FileDescriptor server = adopt(number, "server");
		this.loop.watch("server", server, Readiness.READABLE, (fd, some) -> {
			FileDescriptor connection = adopt(Kernel.accept(number), "connection");
			assertThat(ProcessFiles.flags(connection) & NON_BLOCKING).isNotZero();
			read(connection);
		});
		try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port);
				Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
			first.getOutputStream().write('1');
			await(() -> received("1"));
			second.getOutputStream().write('2');
			await(() -> received("12"));
		}
		await(() -> this.loop.sourceCounts().get("descriptors") == 1);
	}

	@Test
	void pseudoTerminalShouldWorkOnBothSidesAndTellOfHangUp() {
		int number = Kernel.openTerminalMaster();
		Path path = Kernel.terminal(number);
		FileDescriptor master = adopt(number, "master");
		FileDescriptor terminal = FileDescriptor.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
		this.descriptors.add(terminal);
		DescriptorSource source = read(terminal);
		write(master, "typed");
		this.loop.runOnce();
		assertThat(this.received).isEmpty();
		write(master, "\n");
		await(() -> received("typed\n"));
		source.close();
		read(master);
		await(() -> received("typed\ntyped\r\n"));
		write(terminal, "printed");
		await(() -> received("typed\ntyped\r\nprinted"));
		terminal.close();
		await(() -> this.ended);
		assertThat(Readiness.of(last()).isHangUp()).isTrue();
	}

	@Test
	void inotifyShouldTellOfChangesOfARegularFile() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		FileDescriptor inotify = adopt(Kernel.inotify(), "inotify");
		int watch = Kernel.inotifyAddWatch(ProcessFiles.number(inotify), file, Kernel.IN_MODIFY);
		ByteBuffer event = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
		this.loop.watch("inotify", inotify, Readiness.READABLE, (fd, some) -> fd.read(event));
		this.loop.runOnce();
		assertThat(event.position()).isZero();
		Files.writeString(file, "x");
		await(() -> event.position() > 0);
		assertThat(event.getInt(0)).isEqualTo(watch);
		assertThat(event.getInt(4)).isEqualTo(Kernel.IN_MODIFY);
	}

	@Test
	void pidfdShouldTellOfTheEndOfAProcess() throws Exception {
		Process process = new ProcessBuilder("cat").start();
		FileDescriptor pidfd = adopt(Kernel.pidfd(process.pid()), "pidfd");
		this.loop.watch("pidfd", pidfd, Readiness.READABLE, this::note);
		this.loop.runOnce();
		assertThat(this.readiness).isEmpty();
		process.getOutputStream().close();
		await(() -> !this.readiness.isEmpty());
		assertThat(Readiness.of(last()).isReadable()).isTrue();
		assertThat(process.waitFor()).isZero();
	}

	@Test
	void fileThatNeverHasToBeWaitedForShouldBeRefused() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		for (Path path : List.of(file, this.directory, Path.of("/dev/null"))) {
			FileDescriptor fd = FileDescriptor.open(path);
			this.descriptors.add(fd);
			assertThatIllegalArgumentException().isThrownBy(() -> read(fd))
				.withMessage(fd + " cannot be watched, as it never has to be waited for: it is a regular file or a "
						+ "directory, or a device that is always ready. Read it where it is needed, or off the loop "
						+ "if that may take long; to learn of its changes, watch an inotify descriptor")
				.satisfies((ex) -> assertThat(((ErrnoException) ex.getCause()).is(Errno.EPERM)).isTrue());
			assertThat(fd.isOpen()).isTrue();
		}
	}

	@Test
	void adoptShouldSetFlagsAndCloseShouldCloseIt() {
		int[] ends = Kernel.pipe();
		assertThat(ProcessFiles.flags(ends[0]) & (NON_BLOCKING | CLOSE_ON_EXEC)).isZero();
		FileDescriptor input = adopt(ends[0], "input");
		assertThat(ProcessFiles.flags(ends[0]) & (NON_BLOCKING | CLOSE_ON_EXEC))
			.isEqualTo(NON_BLOCKING | CLOSE_ON_EXEC);
		assertThat(input).hasToString("fd " + ends[0] + " (input)");
		assertThat(input.read(ByteBuffer.allocate(1))).isZero();
		DescriptorSource source = read(input);
		source.close();
		assertThat(ProcessFiles.isOpen(ends[0])).isTrue();
		this.loop.close();
		assertThat(ProcessFiles.isOpen(ends[0])).isTrue();
		input.close();
		assertThat(ProcessFiles.open()).doesNotContainEntry(ends[0], pipe(ends[1]));
		Kernel.close(ends[1]);
	}

	@Test
	void borrowShouldLeaveFlagsAndCloseShouldLeaveItOpen() {
		int[] ends = Kernel.pipe();
		FileDescriptor input = FileDescriptor.borrow(ends[0], "input");
		FileDescriptor output = adopt(ends[1], "output");
		DescriptorSource source = read(input);
		write(output, "text");
		await(() -> received("text"));
		assertThat(ProcessFiles.flags(ends[0]) & (NON_BLOCKING | CLOSE_ON_EXEC)).isZero();
		input.close();
		assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
		write(output, "more");
		this.loop.runOnce();
		assertThat(this.received).hasToString("text");
		assertThat(ProcessFiles.open()).containsEntry(ends[0], pipe(ends[1]));
		FileDescriptor again = FileDescriptor.borrow(ends[0], "again");
		read(again);
		await(() -> received("textmore"));
		again.close();
		Kernel.close(ends[0]);
	}

	@Test
	void adoptAndBorrowWhenNumberIsNotOpenShouldThrow() {
		assertErrno(Errno.EBADF, () -> FileDescriptor.adopt(1_000_000, "none"));
		assertErrno(Errno.EBADF, () -> FileDescriptor.borrow(1_000_000, "none"));
		assertErrno(Errno.EBADF, () -> FileDescriptor.borrow(-1, "none"));
	}

	private FileDescriptor adopt(int number, String description) {
		FileDescriptor fd = FileDescriptor.adopt(number, description);
		this.descriptors.add(fd);
		return fd;
	}

	/** Reads what comes, once a call, and closes the source at the end. */
	private DescriptorSource read(FileDescriptor fd) {
		DescriptorSource[] source = new DescriptorSource[1];
		source[0] = this.loop.watch(fd.toString(), fd, Readiness.READABLE | Readiness.PEER_CLOSED, (some, ready) -> {
			note(some, ready);
			ByteBuffer buffer = ByteBuffer.allocate(4096);
			if (some.read(buffer) < 0) {
				this.ended = true;
				source[0].close();
			}
			this.received.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
		});
		return source[0];
	}

	private void note(FileDescriptor fd, Readiness some) {
		this.readiness.add(some.bits());
	}

	private int last() {
		return this.readiness.get(this.readiness.size() - 1);
	}

	private boolean received(String text) {
		return this.received.toString().equals(text);
	}

	private void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(TIMEOUT_SECONDS).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - end).as("time passed, '%s' received", this.received).isNegative();
			this.loop.runOnce(Duration.ofMillis(100));
		}
	}

	private static void fill(FileDescriptor fd) {
		int written;
		do {
			written = fd.write(ByteBuffer.allocate(4096));
		}
		while (written > 0);
	}

	private static void drain(FileDescriptor fd) {
		int read;
		do {
			read = fd.read(ByteBuffer.allocate(65536));
		}
		while (read > 0);
	}

	private static void write(FileDescriptor fd, String text) {
		assertThat(fd.write(bytes(text))).isEqualTo(text.length());
	}

	private static String take(FileDescriptor fd) {
		ByteBuffer buffer = ByteBuffer.allocate(256);
		fd.read(buffer);
		return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String pipe(int number) {
		return ProcessFiles.open().get(number);
	}

	private static void assertErrno(Errno errno, ThrowingCallable call) {
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.is(errno)).as(ex.getMessage()).isTrue());
	}

}
