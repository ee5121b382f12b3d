package dev.mainloop.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.TooLong;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handlers of lines.
 */
@LinuxTest
class LineHandlerTests {

	private final Calls calls = new Calls();

	private final List<String> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> this.errors.add(source + ": " + event))
		.build();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final List<EventSource> sources = new ArrayList<>();

	private final Pipe pipe = Pipe.open();

	LineHandlerTests() {
		EventQueues queues = new EventQueues(this.loop, 16);
		this.context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		this.context.registerBean(Calls.class, () -> this.calls);
		this.context.registerBean("commands", FileDescriptor.class, this.pipe::reader);
		this.context.registerBean(EventHandlers.class, () -> new EventHandlers(this.context.getBeanFactory(), queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
		this.pipe.close();
	}

	@Test
	void linesShouldBeEventsOfTheirOwn() {
		start(Commands.class);
		write("one\r\nbad\ntwo\nthr");
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("one", "bad", "two");
		assertThat(this.errors).containsExactly("lineHandlerTests.Commands.command: bad");
		assertThat(this.loop.queues()).singleElement().satisfies((queue) -> {
			assertThat(queue.statistics().events()).isEqualTo(3);
			assertThat(handlers().names(queue)).containsExactly("lineHandlerTests.Commands.command");
		});
		write("ee\nrest");
		this.pipe.writer().close();
		while (!this.loop.sources().isEmpty()) {
			this.loop.runOnce(Duration.ofSeconds(20));
		}
		assertThat(this.calls.list).containsExactly("one", "bad", "two", "three", "rest");
	}

	@Test
	void attributesMayBePlaceholders() {
		properties(Map.of("name", "commands", "max", "4B", "charset", "ISO-8859-1"));
		start(Bounded.class);
		write("abcdef\n");
		this.pipe.writer().write(ByteBuffer.wrap(new byte[] { (byte) 0xfc, '\n' }));
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("abcd\u2026", "\u00fc");
	}

	@ParameterizedTest
	@CsvSource({ "none, 4, UTF-8, there is no bean named 'none' of type FileDescriptor",
			"commands, 0, UTF-8, its 'maxBytes' is '0'", "commands, 2GB, UTF-8, its 'maxBytes' is '2GB'",
			"commands, many, UTF-8, its 'maxBytes' is 'many'", "commands, 4, UTF-16, its 'charset' is 'UTF-16'",
			"commands, 4, UTF-5, its 'charset' is 'UTF-5'" })
	void attributesShouldBeCheckedAtStartUp(String name, String max, String charset, String message) {
		properties(Map.of("name", name, "max", max, "charset", charset));
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(Bounded.class))
			.withMessageContaining("LineHandlerTests$Bounded.command")
			.withMessageContaining("cannot be an @OnLine handler: " + message);
	}

	@Test
	void parameterShouldBePartOfALine() {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(Wrong.class))
			.withMessageContaining("its parameter 0 is of type int")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("String, FileDescriptor, FrameReader"));
	}

	@Test
	void handlerShouldPauseItsReader() {
		start(Pausing.class);
		write("one\ntwo\n");
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("one");
		this.loop.queues().get(0).resume();
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("one", "two");
	}

	@Test
	void linesShouldGoOnWithTheNextStart() {
		start(Commands.class);
		write("one\ntw");
		runUntilIdle();
		this.sources.forEach(EventSource::close);
		write("o\nthree\n");
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("one");
		open();
		runUntilIdle();
		assertThat(this.calls.list).containsExactly("one", "two", "three");
		assertThat(this.loop.queues()).hasSize(1);
	}

	@Test
	void linesThatWereReadShouldBeHandledWhenReadingHasStopped() {
		start(Pausing.class);
		write("line\n".repeat(1000));
		runUntilIdle();
		this.sources.forEach(EventSource::close);
		while (this.calls.list.size() < 1000) {
			this.loop.queues().get(0).resume();
			this.loop.runOnce(Duration.ofSeconds(20));
		}
		assertThat(this.calls.list).hasSize(1000);
	}

	private EventHandlers handlers() {
		return this.context.getBean(EventHandlers.class);
	}

	private void properties(Map<String, Object> properties) {
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
	}

	private void start(Class<?> handler) {
		this.context.register(handler);
		this.context.refresh();
		open();
	}

	private void open() {
		this.sources.clear();
		handlers().open(Placement.OF_MAIN, this.loop, this.sources::add);
	}

	private void write(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		assertThat(this.pipe.writer().write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
	}

	private void runUntilIdle() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	static final class Calls {

		private final List<String> list = new ArrayList<>();

	}

	@EventHandler
	record Commands(Calls calls) {

		@OnLine("commands")
		void command(String line) {
			this.calls.list.add(line);
			if (line.equals("bad")) {
				throw new IllegalArgumentException(line);
			}
		}

	}

	@EventHandler
	record Bounded(Calls calls) {

		@OnLine(value = "${name}", maxBytes = "${max}", charset = "${charset}", tooLong = TooLong.CUT)
		void command(String line) {
			this.calls.list.add(line);
		}

	}

	@EventHandler
	record Wrong(Calls calls) {

		@OnLine("commands")
		void command(int number) {
			this.calls.list.add("" + number);
		}

	}

	@EventHandler
	record Pausing(Calls calls) {

		@OnLine("commands")
		void command(String line, FrameReader<String> reader, FileDescriptor commands) {
			this.calls.list.add(line);
			assertThat(commands.isOpen()).isTrue();
			reader.pause();
		}

	}

}
