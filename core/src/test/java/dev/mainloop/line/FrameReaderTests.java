package dev.mainloop.line;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.mainloop.ErrorPolicy;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
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
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FrameReader}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class FrameReaderTests {

	private static final int MANY = 100_000;

	@TempDir
	private Path directory;

	private final MainLoop loop;

	private final List<String> lines = new ArrayList<>();

	private final List<Object> ends = new ArrayList<>();

	private final List<Throwable> errors = new ArrayList<>();

	private final MultiplexerKind multiplexer;

	private Ends stream;

	FrameReaderTests(MultiplexerKind multiplexer) {
		this.multiplexer = multiplexer;
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
	void linesShouldComeInPieces(Streams kind) {
		open(kind);
		openReader();
		this.stream.write("one\r\ntwo\nth");
		runUntil(() -> this.lines.size() == 2);
		this.stream.write("ree\n");
		runUntil(() -> this.lines.size() == 3);
		assertThat(this.lines).containsExactly("one", "two", "three");
		assertThat(this.ends).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Streams.class)
	void manyLinesShouldComeInOrder(Streams kind) {
		open(kind);
		openReader();
		ByteBuffer all = ByteBuffer.wrap(numbers(MANY).getBytes(StandardCharsets.US_ASCII));
		while (this.lines.size() < MANY) {
			// As much as the kernel takes, which is no whole number of lines.
			this.stream.writer().write(all);
			this.loop.runOnce();
		}
		assertThat(this.lines).isEqualTo(numbers(MANY).lines().toList());
		assertThat(this.errors).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = Streams.class, mode = Mode.EXCLUDE, names = { "FIFO", "TERMINAL" })
	void endShouldComeLastWithWhatIsLeft(Streams kind) {
		open(kind);
		FrameReader<String> reader = openReader();
		this.stream.write(numbers(1000) + "rest");
		this.stream.writer().close();
		runUntil(() -> !reader.isOpen());
		assertThat(this.lines).isEqualTo(numbers(1000).lines().toList());
		assertThat(this.ends).containsExactly("rest");
		assertThat(this.loop.sources()).isEmpty();
		assertThat(this.stream.reader().isOpen()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(value = Streams.class, mode = Mode.EXCLUDE, names = "TERMINAL")
	void finishShouldReadWhatIsThereAndEnd(Streams kind) {
		open(kind);
		FrameReader<String> reader = openReader();
		this.stream.write(numbers(1000) + "rest");
		this.loop.execute(reader::finish);
		runUntil(() -> !reader.isOpen());
		this.stream.write("more\n");
		this.loop.runOnce();
		assertThat(this.lines).isEqualTo(numbers(1000).lines().toList());
		assertThat(this.ends).containsExactly("rest");
		assertThat(this.loop.sources()).isEmpty();
		this.loop.execute(reader::finish);
		runUntilIdle();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void finishShouldEndWhereNothingIsThere() {
		FrameReader<String> reader = openReader();
		assertThatIllegalStateException().isThrownBy(reader::finish);
		this.loop.execute(reader::finish);
		runUntil(() -> !reader.isOpen());
		assertThat(this.ends).containsExactly("nothing");
	}

	@Test
	void terminalThatIsHungUpShouldEnd() {
		open(Streams.TERMINAL);
		FrameReader<String> reader = openReader();
		this.stream.write("one\n");
		runUntil(() -> this.lines.size() == 1);
		this.stream.writer().close();
		runUntil(() -> !reader.isOpen());
		assertThat(this.lines).containsExactly("one");
		assertThat(this.ends).containsExactly("nothing");
	}

	@Test
	void restShouldBeALineUnlessTheEndIsHandled() {
		FrameReader<String> reader = FrameReader.open(this.loop, "lines", this.stream.reader(), Framing.lines(100),
				(line, any) -> this.lines.add(line));
		this.stream.write("one\ntwo");
		this.stream.writer().close();
		runUntil(() -> !reader.isOpen());
		assertThat(this.lines).containsExactly("one", "two");
	}

	@Test
	void endWithinAFrameShouldBeAnError() {
		FrameReader<byte[]> reader = FrameReader.open(this.loop, "frames", this.stream.reader(), Framing.fixedSize(4),
				(frame, any) -> this.lines.add(new String(frame, StandardCharsets.US_ASCII)));
		this.stream.write("abcdef");
		this.stream.writer().close();
		runUntil(() -> !reader.isOpen());
		assertThat(this.lines).containsExactly("abcd");
		assertThat(this.errors).singleElement().isInstanceOf(FrameException.class);
	}

	@Test
	void readThatFailsShouldBeAnErrorAfterTheLines() throws IOException {
		open(Streams.SOCKET);
		FrameReader<String> reader = FrameReader.open(this.loop, "lines", this.stream.writer(), Framing.lines(100),
				(line, any) -> this.lines.add(line));
		// A peer that closes with bytes unread resets the connection.
		this.stream.write("unread");
		this.stream.reader().close();
		runUntil(() -> !reader.isOpen());
		assertThat(this.errors).singleElement()
			.isInstanceOfSatisfying(ErrnoException.class, (ex) -> assertThat(ex.is(Errno.ECONNRESET)).isTrue())
			.satisfies((ex) -> assertThat(ex).hasMessageContaining(this.stream.writer().toString()));
	}

	@Test
	void handlerThatThrowsShouldGetTheLinesBehind() {
		List<Object> events = new ArrayList<>();
		MainLoop other = MainLoop.builder()
			.multiplexer(this.multiplexer)
			.errorHandler((source, event, error) -> events.add(source.description() + ": " + event))
			.build();
		try (other) {
			FrameReader<String> reader = FrameReader.open(other, "lines", this.stream.reader(), Framing.lines(100),
					(line, any) -> {
						this.lines.add(line);
						if (line.startsWith("bad")) {
							throw new IOException(line);
						}
					});
			this.stream.write("one\nbad 1\nbad 2\ntwo\n");
			while (other.runOnce()) {
				assertThat(reader.isOpen()).isTrue();
			}
			assertThat(this.lines).containsExactly("one", "bad 1", "bad 2", "two");
			assertThat(events).containsExactly("lines: bad 1", "lines: bad 2");
			assertThat(reader.events().statistics().events()).isEqualTo(4);
			assertThat(reader.events().statistics().errors()).isEqualTo(2);
		}
	}

	@Test
	void lineThatIsTooLongShouldBeAnErrorInItsPlace() {
		FrameReader.open(this.loop, "lines", this.stream.reader(), Framing.lines(5), (line, any) -> {
			this.lines.add(line);
			assertThat(this.errors).hasSize(line.equals("two") ? 1 : 0);
		});
		this.stream.write("one\ntoo long\ntwo\n");
		runUntilIdle();
		assertThat(this.lines).containsExactly("one", "two");
		assertThat(this.errors).singleElement().isInstanceOf(FrameException.class);
	}

	@Test
	void framingThatFailsShouldBeAnErrorInItsPlace() {
		Framing<String> lines = Framing.lines(100);
		FrameReader.open(this.loop, "lines", this.stream.reader(), new Framing<String>() {

			@Override
			public @Nullable String next(ByteBuffer bytes) {
				String line = lines.next(bytes);
				if ("fatal".equals(line)) {
					throw new StackOverflowError(line);
				}
				return line;
			}

			@Override
			public @Nullable String end() {
				return lines.end();
			}

			@Override
			public long tooLong() {
				return lines.tooLong();
			}

		}, (line, any) -> this.lines.add(line));
		this.stream.write("one\nfatal\ntwo\n");
		runUntilIdle();
		assertThat(this.lines).containsExactly("one", "two");
		assertThat(this.errors).singleElement().isInstanceOf(StackOverflowError.class);
	}

	@Test
	void sourceThatIsDisabledShouldKeepTheLines() {
		MainLoop other = MainLoop.builder()
			.multiplexer(this.multiplexer)
			.errorPolicy(ErrorPolicy.DISABLE, 2)
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
		try (other) {
			FrameReader<String> reader = FrameReader.open(other, "lines", this.stream.reader(), Framing.lines(100),
					(line, any) -> {
						if (line.equals("bad")) {
							throw new IOException(line);
						}
						this.lines.add(line);
					});
			this.stream.write("bad\nbad\nthree\n" + numbers(1000));
			while (other.runOnce()) {
				assertThat(this.errors).hasSizeLessThanOrEqualTo(2);
			}
			assertThat(reader.events().state()).isEqualTo(EventSource.State.DISABLED);
			assertThat(this.lines).isEmpty();
			reader.resume();
			while (this.lines.size() <= 1000) {
				other.runOnce(Duration.ofSeconds(1));
			}
			assertThat(this.lines).startsWith("three", "0", "1").endsWith("999");
		}
	}

	@ParameterizedTest
	@EnumSource(Streams.class)
	void readerThatIsPausedShouldHoldTheSenderUpAndLoseNothing(Streams kind) {
		open(kind);
		FrameReader<String> reader = openReader();
		reader.pause();
		ByteBuffer all = ByteBuffer.wrap(numbers(MANY).getBytes(StandardCharsets.US_ASCII));
		int before;
		do {
			before = all.position();
			this.stream.writer().write(all);
			runUntilIdle();
		}
		while (all.position() > before);
		assertThat(all.hasRemaining()).isTrue();
		assertThat(this.lines).isEmpty();
		reader.resume();
		while (this.lines.size() < MANY) {
			this.stream.writer().write(all);
			this.loop.runOnce();
		}
		assertThat(this.lines).isEqualTo(numbers(MANY).lines().toList());
	}

	@Test
	void handlerShouldPauseForTheLinesBehind() {
		FrameReader<String> reader = FrameReader.open(this.loop, "lines", this.stream.reader(), Framing.lines(100),
				(line, any) -> {
					this.lines.add(line);
					any.pause();
				});
		this.stream.write(numbers(1000));
		this.stream.writer().close();
		for (int i = 1; i <= 1000; i++) {
			runUntilIdle();
			assertThat(this.lines).hasSize(i);
			reader.resume();
		}
		runUntil(() -> !reader.isOpen());
		assertThat(this.lines).isEqualTo(numbers(1000).lines().toList());
	}

	@Test
	void floodShouldNotKeepOthersWaiting() {
		FrameReader<String> reader = openReader();
		int[] ticks = new int[1];
		this.loop.every("tick", Duration.ZERO, Duration.ofNanos(1), (timer) -> ticks[0]++);
		for (int i = 1; i <= 1000; i++) {
			this.stream.writer().write(ByteBuffer.wrap("\n".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
			this.loop.runOnce();
			assertThat(ticks[0]).isGreaterThanOrEqualTo(i);
		}
		assertThat(reader.isOpen()).isTrue();
		assertThat(this.lines).hasSizeGreaterThanOrEqualTo(1000);
	}

	@Test
	void handlerShouldCloseItAndGetNothingMore(CapturedOutput output) {
		FrameReader<String> reader = FrameReader.open(this.loop, "lines", this.stream.reader(), Framing.lines(100),
				(line, any) -> {
					this.lines.add(line);
					any.close();
				});
		this.stream.write("one\ntwo\nthree\n");
		runUntilIdle();
		assertThat(this.lines).containsExactly("one");
		assertThat(reader.isOpen()).isFalse();
		assertThat(output).contains("The queue 'lines' was closed with 2 messages that were not handled");
		assertThat(this.loop.sources()).isEmpty();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void readingShouldStopAndGoOnWithinALine() {
		FrameReader<String> reader = openReader();
		this.stream.write("one\ntw");
		runUntilIdle();
		reader.bytes().close();
		this.stream.write("o\n");
		runUntilIdle();
		assertThat(this.lines).containsExactly("one");
		reader.reopen();
		reader.reopen();
		runUntilIdle();
		assertThat(this.lines).containsExactly("one", "two");
		assertThat(this.loop.sources()).hasSize(2);
		reader.close();
		assertThatIllegalStateException().isThrownBy(reader::reopen).withMessage("The reader 'lines' is closed");
		assertThat(this.loop.sources()).isEmpty();
	}

	@Test
	void linesThatWereReadShouldBeHandledWhenReadingHasStopped() {
		FrameReader<String> reader = openReader();
		reader.pause();
		this.stream.write(numbers(1000));
		runUntilIdle();
		reader.bytes().close();
		reader.resume();
		runUntilIdle();
		assertThat(this.lines).isEqualTo(numbers(1000).lines().toList());
	}

	@Test
	void closeOfTheDescriptorShouldCloseIt() {
		FrameReader<String> reader = openReader();
		this.stream.reader().close();
		assertThat(reader.isOpen()).isFalse();
		assertThat(this.loop.sources()).isEmpty();
	}

	@Test
	void closeOfTheLoopShouldCloseIt() {
		FrameReader<String> reader = openReader();
		this.loop.close();
		assertThat(reader.isOpen()).isFalse();
		reader.close();
	}

	@Test
	void linesThatWereReadShouldBeHandledBeforeTheLoopStops() {
		FrameReader.open(this.loop, "lines", this.stream.reader(), Framing.lines(100), (line, any) -> {
			this.lines.add(line);
			this.loop.stop();
		});
		this.stream.write(numbers(1000));
		this.loop.run();
		assertThat(this.lines).isEqualTo(numbers(1000).lines().toList());
	}

	@Test
	void whatCannotBeWatchedShouldBeRefusedAndLeaveNothing() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "one\n");
		FileDescriptor regular = FileDescriptor.open(file);
		assertThatIllegalArgumentException().isThrownBy(() -> openReader(regular))
			.withMessageContaining("regular file");
		regular.close();
		assertThatIllegalStateException().isThrownBy(() -> openReader(regular));
		openReader();
		FileDescriptor again = FileDescriptor.borrow(ProcessFiles.number(this.stream.reader()), "again");
		assertThatIllegalArgumentException().isThrownBy(() -> openReader(again))
			.withMessageContaining("watches its number already");
		assertThat(this.loop.sources()).hasSize(2);
	}

	/** Another handler takes the bytes of which this one is told. */
	@Test
	void twoReadersOfOneDescriptorShouldShareIt() {
		openReader();
		openReader();
		this.stream.write("one\n");
		runUntilIdle();
		assertThat(this.lines).containsExactly("one");
	}

	@Test
	void linesShouldGoBothWays() {
		open(Streams.SOCKET);
		FrameWriter writer = FrameWriter.open(this.loop, "answers", this.stream.reader(), 64, (any) -> {
		});
		FrameReader.open(this.loop, "questions", this.stream.reader(), Framing.lines(100), (line, any) -> {
			this.lines.add(line);
			writer.send("you said " + line + "\n");
		});
		List<String> answers = new ArrayList<>();
		FrameReader.open(this.loop, "answers", this.stream.writer(), Framing.lines(100),
				(line, any) -> answers.add(line));
		this.stream.write("one\ntwo\n");
		runUntil(() -> answers.size() == 2);
		assertThat(answers).containsExactly("you said one", "you said two");
	}

	private void open(Streams kind) {
		this.stream.close();
		this.stream = kind.open(this.directory);
	}

	private FrameReader<String> openReader() {
		return openReader(this.stream.reader());
	}

	private FrameReader<String> openReader(FileDescriptor fd) {
		return FrameReader.open(this.loop, "lines", fd, Framing.lines(100), new FrameHandler<>() {

			@Override
			public void frame(String line, FrameReader<String> reader) {
				FrameReaderTests.this.lines.add(line);
			}

			@Override
			public void ended(@Nullable String rest, @Nullable RuntimeException error, FrameReader<String> reader) {
				FrameReaderTests.this.ends.add((error != null) ? error : (rest != null) ? rest : "nothing");
			}

		});
	}

	private void runUntilIdle() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	private void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(Duration.ofSeconds(1));
		}
	}

	private static String numbers(int count) {
		StringBuilder text = new StringBuilder();
		IntStream.range(0, count).forEach((number) -> text.append(number).append('\n'));
		return text.toString();
	}

}
