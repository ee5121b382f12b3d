package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.Streams.Ends;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FrameWriter}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class FrameWriterTests {

	private static final int CAPACITY = 100;

	private static final int MANY = 100_000;

	@TempDir
	private Path directory;

	private final MainLoop loop;

	private final List<Throwable> errors = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private final StringBuilder received = new StringBuilder();

	private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

	private Ends stream;

	FrameWriterTests(MultiplexerKind multiplexer) {
		this.loop = MainLoop.builder()
			.multiplexer(multiplexer)
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
		this.stream = Streams.PIPE.open(Path.of(""));
	}

	@AfterEach
	void close() {
		this.loop.close();
		this.stream.close();
	}

	@ParameterizedTest
	@EnumSource(Streams.class)
	void bytesShouldGoOutAtOnce(Streams kind) {
		open(kind);
		FrameWriter writer = openWriter();
		writer.send("gr\u00fc\u00df\n");
		assertThat(writer.offer(ByteBuffer.wrap(new byte[] { 'x', '\n' }))).isTrue();
		assertThat(writer.size()).isZero();
		runUntil(() -> receive().length() == 9);
		byte[] bytes = this.received.toString().getBytes(StandardCharsets.ISO_8859_1);
		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("gr\u00fc\u00df\nx\n");
	}

	@Test
	void writerShouldNotWaitForAnythingWhileNothingIsLeft() {
		FrameWriter writer = openWriter();
		runUntilIdle();
		assertThat(events()).isEqualTo(1);
		writer.send("x\n");
		runUntilIdle();
		assertThat(events()).isEqualTo(1);
		fill(writer);
		runUntilIdle();
		assertThat(events()).isEqualTo(1);
		receive();
		runUntil(() -> writer.size() == 0);
		long drained = events();
		runUntilIdle();
		assertThat(events()).isEqualTo(drained);
	}

	@ParameterizedTest
	@EnumSource(Streams.class)
	void manyLinesShouldGoOutInOrder(Streams kind) {
		open(kind);
		FrameWriter writer = openWriter();
		StringBuilder sent = new StringBuilder();
		int next = 0;
		while (next < MANY || this.received.length() < sent.length()) {
			while (next < MANY && writer.offer(next + "\n")) {
				sent.append(next++).append('\n');
			}
			this.loop.runOnce();
			receive();
		}
		assertThat(this.received).hasToString(sent.toString());
		assertThat(this.errors).isEmpty();
	}

	@Test
	void fullWriterShouldRefuseWholeFrames() {
		FrameWriter writer = openWriter();
		fill(writer);
		int before = writer.size();
		ByteBuffer bytes = ByteBuffer.allocate(CAPACITY);
		assertThat(writer.offer(bytes)).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> writer.send(bytes))
			.withMessage("The writer 'output' does not take %d bytes: it is full, and %d of %d bytes wait for %s",
					CAPACITY, before, CAPACITY, this.stream.writer());
		assertThat(bytes.remaining()).isEqualTo(CAPACITY);
		assertThat(writer.size()).isEqualTo(before);
	}

	@Test
	void frameThatCanNeverBeTakenShouldBeAnError() {
		FrameWriter writer = openWriter();
		assertThatIllegalArgumentException().isThrownBy(() -> writer.offer(ByteBuffer.allocate(CAPACITY + 1)))
			.withMessage("The writer 'output' takes %d bytes at most, and not %d at once", CAPACITY, CAPACITY + 1);
	}

	@Test
	void roomShouldBeToldOnceToWhoWasRefused() {
		FrameWriter writer = openWriter();
		fill(writer);
		runUntilIdle();
		assertThat(this.told).isEmpty();
		receive();
		runUntil(() -> writer.size() == 0);
		assertThat(this.told).containsExactly("room");
		fill(writer);
		receive();
		runUntil(() -> this.told.size() == 2);
		assertThat(this.errors).isEmpty();
	}

	/** Frames of all sizes begin at all places of the ring. */
	@Test
	void bytesThatWaitShouldStayInOrder() {
		FrameWriter writer = openWriter();
		fillKernel();
		StringBuilder sent = new StringBuilder();
		for (int i = 0; i < 2000; i++) {
			String frame = Integer.toString(i % 10).repeat(1 + i % 37) + "\n";
			while (!writer.offer(frame)) {
				this.stream.reader().read(this.buffer.clear().limit(4096));
				this.received.append(StandardCharsets.ISO_8859_1.decode(this.buffer.flip()));
				this.loop.runOnce();
			}
			sent.append(frame);
		}
		receive();
		runUntil(() -> {
			receive();
			return writer.size() == 0;
		});
		receive();
		assertThat(this.received.toString().replace("\0", "")).isEqualTo(sent.toString());
	}

	@Test
	void finishedWriterShouldWriteTheRestAndTakeNoMore() {
		FrameWriter writer = openWriter();
		fill(writer);
		this.told.clear();
		writer.finish();
		assertThat(writer.offer("more\n")).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> writer.send("more\n"))
			.withMessageContaining("it is finishing");
		runUntilIdle();
		assertThat(writer.isOpen()).isTrue();
		receive();
		runUntil(() -> !writer.isOpen());
		assertThat(this.told).containsExactly("ended with 0 left");
		assertThat(this.loop.sources()).isEmpty();
		assertThat(this.stream.writer().isOpen()).isTrue();
	}

	@Test
	void finishedWriterShouldEndOnTheLoopIfNothingIsLeft() {
		FrameWriter writer = openWriter();
		runUntilIdle();
		writer.finish();
		assertThat(this.told).isEmpty();
		runUntil(() -> !writer.isOpen());
		assertThat(this.told).containsExactly("ended with 0 left");
	}

	@Test
	void closeShouldCountWhatIsLeft(CapturedOutput output) {
		FrameWriter writer = openWriter();
		fill(writer);
		int left = writer.size();
		writer.close();
		writer.close();
		assertThat(output).containsOnlyOnce("The writer 'output' was closed with %d bytes that were not written to %s"
			.formatted(left, this.stream.writer()));
		assertThat(writer.isOpen()).isFalse();
		assertThat(writer.size()).isEqualTo(left);
		assertThat(writer.offer("more\n")).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> writer.send("more\n"))
			.withMessageContaining("it is closed");
		assertThat(this.loop.sources()).isEmpty();
	}

	@Test
	void closeOfTheDescriptorShouldCountWhatIsLeft(CapturedOutput output) {
		FrameWriter writer = openWriter();
		fill(writer);
		this.stream.writer().close();
		assertThat(writer.isOpen()).isFalse();
		assertThat(output).containsOnlyOnce("bytes that were not written to ");
	}

	@Test
	void closeOfTheLoopShouldLeaveTheCountToTheOwner(CapturedOutput output) {
		FrameWriter writer = openWriter();
		fill(writer);
		this.loop.close();
		assertThat(writer.isOpen()).isFalse();
		assertThat(writer.offer("more\n")).isFalse();
		this.stream.writer().close();
		assertThat(output).containsOnlyOnce("bytes that were not written to ");
	}

	@Test
	void readerThatHasLeftShouldBeAnErrorOfTheCall() {
		FrameWriter writer = openWriter();
		runUntilIdle();
		this.stream.reader().close();
		runUntilIdle();
		assertThat(this.errors).isEmpty();
		ByteBuffer bytes = ByteBuffer.allocate(2);
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> writer.offer(bytes))
			.withMessageContaining(this.stream.writer().toString())
			.satisfies((ex) -> assertThat(ex.is(Errno.EPIPE)).isTrue());
		assertThat(bytes.remaining()).isEqualTo(2);
		assertThat(writer.isOpen()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(value = Streams.class, names = { "PIPE", "SOCKET" })
	void readerThatHasLeftShouldEndTheWriterThatWaits(Streams kind, CapturedOutput output) {
		open(kind);
		FrameWriter writer = openWriter();
		fill(writer);
		this.told.clear();
		int left = writer.size();
		this.stream.reader().close();
		runUntil(() -> !writer.isOpen());
		assertThat(this.told).containsExactly("ended with %d left".formatted(left));
		assertThat(this.errors).singleElement()
			.satisfies((error) -> assertThat(error).isInstanceOf(ErrnoException.class)
				.hasMessageContaining(this.stream.writer().toString()));
		assertThat(output).containsOnlyOnce(left + " bytes that were not written to " + this.stream.writer());
	}

	@Test
	void fifoWhoseReaderComesBackShouldBeWrittenOn() {
		this.stream.close();
		Path path = this.directory.resolve("again");
		FileDescriptor.openFifo(path).close();
		FileDescriptor first = FileDescriptor.open(path);
		FileDescriptor output = FileDescriptor.open(path, StandardOpenOption.WRITE);
		this.stream = new Ends(first, output);
		FrameWriter writer = openWriter();
		first.close();
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> writer.send("lost\n"));
		this.stream = new Ends(FileDescriptor.open(path), output);
		writer.send("one\n");
		assertThat(receive()).hasToString("one\n");
	}

	@Test
	void whatCannotBeWatchedShouldBeRefused() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (FileDescriptor regular = FileDescriptor.open(file, StandardOpenOption.WRITE)) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> FrameWriter.open(this.loop, "output", regular, CAPACITY, (any) -> {
				}))
				.withMessageContaining("regular file");
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> FrameWriter.open(this.loop, "output", this.stream.writer(), 0, (any) -> {
			}))
			.withMessage("'capacity' must be 1 or more but is 0");
		assertThat(this.loop.sources()).isEmpty();
	}

	/** Several threads write while the loop does, and no line is cut or lost. */
	@Test
	void linesOfSeveralThreadsShouldStayWhole() {
		FrameWriter writer = openWriter();
		List<CompletableFuture<Void>> senders = new ArrayList<>();
		int count = 2000;
		for (char name : "abc".toCharArray()) {
			senders.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < count; i++) {
					while (!writer.offer(name + " " + i + "\n")) {
						Thread.onSpinWait();
					}
				}
			}));
		}
		runUntil(() -> receive().chars().filter((next) -> next == '\n').count() == 3 * count && writer.size() == 0);
		CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).orTimeout(30, TimeUnit.SECONDS).join();
		for (char name : "abc".toCharArray()) {
			List<String> lines = this.received.toString().lines().filter((line) -> line.charAt(0) == name).toList();
			assertThat(lines).hasSize(count);
			for (int i = 0; i < count; i++) {
				assertThat(lines.get(i)).isEqualTo(name + " " + i);
			}
		}
	}

	private void open(Streams kind) {
		this.stream.close();
		this.stream = kind.open(this.directory);
	}

	private FrameWriter openWriter() {
		return FrameWriter.open(this.loop, "output", this.stream.writer(), CAPACITY, new WriteListener() {

			@Override
			public void room(FrameWriter writer) {
				FrameWriterTests.this.told.add("room");
			}

			@Override
			public void ended(@Nullable ErrnoException error, FrameWriter writer) throws Exception {
				FrameWriterTests.this.told.add("ended with %d left".formatted(writer.size()));
				WriteListener.super.ended(error, writer);
			}

		});
	}

	private long events() {
		return this.loop.sources().stream().map(EventSource::statistics).mapToLong((some) -> some.events()).sum();
	}

	private void fillKernel() {
		ByteBuffer zeros = ByteBuffer.allocate(4096);
		while (this.stream.writer().write(zeros.clear()) > 0) {
			assertThat(this.stream.writer().isOpen()).isTrue();
		}
	}

	/** Offers lines until one is refused. */
	private void fill(FrameWriter writer) {
		fillKernel();
		while (writer.offer("0123456\n")) {
			assertThat(writer.isOpen()).isTrue();
		}
	}

	/** Takes all that the kernel has, after what was taken before. */
	private StringBuilder receive() {
		while (this.stream.reader().read(this.buffer.clear()) > 0) {
			this.received.append(StandardCharsets.ISO_8859_1.decode(this.buffer.flip()));
		}
		return this.received;
	}

	private void runUntilIdle() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	private void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(Duration.ofMillis(10));
		}
	}

}
