package dev.mainloop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that text from outside comes into the log escaped, by the bytes that the log
 * writes.
 */
@LinuxTest
class LogSafetyTests {

	private static final int F_DUPFD = 0;

	private static final String CHARACTERS = "dev.mainloop.log.UnfitCharacters#all";

	private final ByteArrayOutputStream log = new ByteArrayOutputStream();

	private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

	@BeforeEach
	void append() {
		Logger logger = logger();
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(logger.getLoggerContext());
		encoder.setPattern("%msg%n%ex");
		encoder.setCharset(StandardCharsets.UTF_8);
		encoder.start();
		this.appender.setContext(logger.getLoggerContext());
		this.appender.setEncoder(encoder);
		this.appender.setOutputStream(this.log);
		this.appender.start();
		logger.addAppender(this.appender);
		logger.setAdditive(false);
	}

	@AfterEach
	void detach() {
		logger().detachAppender(this.appender);
		logger().setAdditive(true);
		this.appender.stop();
	}

	@ParameterizedTest
	@MethodSource(CHARACTERS)
	void errorOfAHandlerShouldBeEscaped(String character, String escape) {
		IOException error = new IOException("outer" + character, new IllegalStateException("cause" + character));
		error.addSuppressed(new IllegalArgumentException("suppressed" + character));
		try (MainLoop loop = MainLoop.builder().errorPolicy(ErrorPolicy.DISABLE, 2).build()) {
			QueueSource<String> queue = loop.queue("queue" + character, 2, Overflow.DROP_NEWEST, (message) -> {
				throw error;
			});
			queue.send("message" + character);
			queue.send("another");
			queue.send("dropped" + character);
			LoopRunner.runUntilIdle(loop);
			queue.send("left" + character);
		}
		assertLogged(character, escape, "The handler of 'queue%s' failed for message%s", "IOException: outer%s",
				"IllegalStateException: cause%s", "IllegalArgumentException: suppressed%s",
				"The handler of 'queue%s' failed 1 more times", "The queue 'queue%s' is full",
				"The event source 'queue%s' is disabled", "in 'queue%s' with java.io.IOException: outer%s",
				"The queue 'queue%s' was closed with 1 messages");
	}

	@ParameterizedTest
	@MethodSource(CHARACTERS)
	void handlerThatIsNamedByAnErrorShouldBeEscaped(String character, String escape) {
		try (MainLoop loop = MainLoop.builder().build()) {
			loop.queue("queue", 2, (message) -> {
				throw new HandlerFailedException("handler" + character, "event" + character, new IOException());
			}).send("message");
			LoopRunner.runUntilIdle(loop);
		}
		assertLogged(character, escape, "The handler of 'handler%s' failed for event%s");
	}

	@ParameterizedTest
	@MethodSource(CHARACTERS)
	void errorThatEndsTheLoopShouldBeEscaped(String character, String escape) throws Exception {
		try (MainLoop loop = MainLoop.builder().errorPolicy(ErrorPolicy.STOP, 1).build()) {
			MainLoopThread thread = new MainLoopThread(loop);
			CountDownLatch expired = new CountDownLatch(1);
			loop.after("timer" + character, Duration.ZERO, (timer) -> {
				expired.countDown();
				throw new IOException("outer" + character);
			});
			thread.start();
			assertThat(expired.await(10, TimeUnit.SECONDS)).isTrue();
			thread.stop().get(10, TimeUnit.SECONDS);
		}
		assertLogged(character, escape, "The handler of 'timer%s' failed", "IOException: outer%s");
		assertThat(logged()).contains("The main loop has failed and does not run any more");
	}

	@ParameterizedTest
	@MethodSource(CHARACTERS)
	void descriptorThatIsLostShouldBeEscaped(String character, String escape) {
		try (Pipe pipe = Pipe.open(); MainLoop loop = MainLoop.builder().multiplexer(MultiplexerKind.POLL).build()) {
			int number = LibC.fcntl(ProcessFiles.number(pipe.reader()), F_DUPFD, ProcessFiles.HIGH_NUMBER);
			loop.watch("reader" + character, FileDescriptor.borrow(number, "lost" + character), Readiness.READABLE,
					(fd, readiness) -> {
					});
			Kernel.close(number);
			loop.runOnce();
			loop.runOnce();
		}
		assertLogged(character, escape, "'reader%s' gets no events any more", "(lost%s)");
	}

	@ParameterizedTest
	@MethodSource(CHARACTERS)
	void messageOfAnErrorShouldBeEscaped(String character, String escape) {
		try (MainLoop loop = MainLoop.builder().build();
				FileDescriptor input = FileDescriptor.borrow(0, "input" + character)) {
			QueueSource<String> queue = loop.queue("queue" + character, 2, (message) -> {
			});
			queue.send("first");
			queue.send("second");
			assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("third" + character))
				.withMessageStartingWith(
						"The queue 'queue%s' is full with 2 messages and does not take third%<s:".formatted(escape));
			assertThat(input).hasToString("fd 0 (input" + escape + ")");
		}
	}

	private void assertLogged(String character, String escape, String... lines) {
		for (String line : lines) {
			assertThat(logged()).contains(line.replace("%s", escape)).doesNotContain(line.replace("%s", character));
		}
	}

	private String logged() {
		return this.log.toString(StandardCharsets.UTF_8);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("dev.mainloop");
	}

}
