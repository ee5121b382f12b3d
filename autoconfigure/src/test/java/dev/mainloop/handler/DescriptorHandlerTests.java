package dev.mainloop.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.mainloop.ClockChange;
import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnClockSet;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnExceptional;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.TcpConnection;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handlers of file descriptors that are beans, each of a kind of its own.
 */
@LinuxTest
class DescriptorHandlerTests {

	private final MainLoop loop = MainLoop.builder().build();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Calls calls = new Calls();

	private final List<EventSource> sources = new ArrayList<>();

	DescriptorHandlerTests() {
		EventQueues queues = new EventQueues(this.loop, 16);
		this.context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		this.context.registerBean(Calls.class, () -> this.calls);
		this.context.registerBean(EventHandlers.class, () -> new EventHandlers(this.context.getBeanFactory(), queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@Test
	void pipeShouldBeReadWithItsReadiness() {
		int[] ends = Kernel.pipe();
		FileDescriptor output = FileDescriptor.adopt(ends[1], "output");
		adopt("input", ends[0]);
		start(Input.class);
		write(output, "text");
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("readable text");
		output.close();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("readable text", "hang-up end");
		assertThat(this.sources).singleElement().extracting(EventSource::state).isEqualTo(EventSource.State.CLOSED);
		this.loop.runOnce();
		assertThat(this.calls.list).hasSize(2);
	}

	@Test
	void socketShouldBeReadAndWritten() {
		int[] ends = Kernel.unixSockets();
		FileDescriptor peer = FileDescriptor.adopt(ends[1], "peer");
		adopt("input", ends[0]);
		properties(Map.of("output", "input"));
		start(Input.class, Output.class);
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("writable");
		assertThat(read(peer)).isEqualTo("hello");
		write(peer, "answer");
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("writable", "readable answer");
		peer.close();
		this.loop.runOnce();
		assertThat(this.calls.list).last().asString().startsWith("readable|hang-up|peer closed end");
	}

	@Test
	void exceptionalConditionShouldCallMethodOfItsOwn() throws Exception {
		try (TcpConnection connection = TcpConnection.open()) {
			this.context.registerBean("input", FileDescriptor.class, connection::receiver);
			start(Input.class, Urgent.class);
			connection.sender().sendUrgentData('!');
			this.loop.runOnce(Duration.ofSeconds(20));
			assertThat(this.calls.list).containsExactly("urgent priority");
			assertThat(this.sources).last().extracting(EventSource::state).isEqualTo(EventSource.State.PAUSED);
			connection.sender().getOutputStream().write('a');
			this.loop.runOnce(Duration.ofSeconds(20));
			assertThat(this.calls.list).last().isEqualTo("readable a");
		}
	}

	@Test
	void terminalShouldBeReadByLine() {
		int master = Kernel.openTerminalMaster();
		FileDescriptor keyboard = FileDescriptor.adopt(master, "keyboard");
		this.context.registerBean("input", FileDescriptor.class, () -> FileDescriptor.open(Kernel.terminal(master)));
		start(Input.class);
		write(keyboard, "one\ntwo\n");
		this.loop.runOnce(Duration.ofSeconds(20));
		this.loop.runOnce(Duration.ofSeconds(20));
		assertThat(this.calls.list).containsExactly("readable one\n", "readable two\n");
		keyboard.close();
	}

	@Test
	void fifoShouldBeWritableUntilItIsFull(@TempDir Path directory) {
		this.context.registerBean("fifo", FileDescriptor.class,
				() -> FileDescriptor.openFifo(directory.resolve("fifo")));
		properties(Map.of("output", "fifo"));
		start(Output.class);
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("writable");
		assertThat(this.sources).singleElement().extracting(EventSource::state).isEqualTo(EventSource.State.PAUSED);
		this.sources.get(0).resume();
		this.loop.runOnce();
		assertThat(this.calls.list).hasSize(2);
		assertThat(read(this.context.getBean(FileDescriptor.class))).isEqualTo("hellohello");
	}

	@Test
	void numberOfTwoBeansShouldBeRefused() {
		int[] ends = Kernel.pipe();
		adopt("input", ends[0]);
		this.context.registerBean("again", FileDescriptor.class, () -> FileDescriptor.borrow(ends[0], "again"));
		properties(Map.of("output", "again"));
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(Input.class, Output.class))
			.withMessageContaining("(again) cannot be watched, as the loop watches its number already")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("make one bean of it"));
		Kernel.close(ends[1]);
	}

	@Test
	void contextShouldCloseDescriptorBeans() {
		int[] ends = Kernel.pipe();
		adopt("input", ends[0]);
		start(Input.class);
		FileDescriptor input = this.context.getBean(FileDescriptor.class);
		this.context.close();
		assertThat(input.isOpen()).isFalse();
		assertThat(this.sources).singleElement().extracting(EventSource::state).isEqualTo(EventSource.State.CLOSED);
		Kernel.close(ends[1]);
	}

	@Test
	void countOfEventFdShouldBeTakenWhole() {
		this.context.registerBean("counter", EventFd.class, () -> EventFd.open(3));
		start(Counter.class);
		this.loop.runOnce();
		EventFd counter = this.context.getBean(EventFd.class);
		counter.add(1);
		counter.add(4);
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("3 true", "5 true");
	}

	@Test
	void countOfSemaphoreShouldBeTakenOneByOne() {
		this.context.registerBean("counter", EventFd.class, () -> EventFd.openSemaphore(2));
		start(Counter.class);
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("1 true");
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("1 true", "1 true");
	}

	@Test
	void countOfFullEventFdShouldBeUnsigned() {
		this.context.registerBean("counter", EventFd.class, () -> EventFd.open(0));
		start(Counter.class);
		EventFd counter = this.context.getBean(EventFd.class);
		counter.add(Long.MAX_VALUE);
		counter.add(Long.MAX_VALUE);
		assertThat(counter.add(1)).isFalse();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactly("18446744073709551614 true");
		assertThat(counter.add(1)).isTrue();
		this.loop.runOnce();
		assertThat(this.calls.list).last().isEqualTo("1 true");
	}

	@Test
	void descriptorThatIsNoEventFdShouldBeRefused(@TempDir Path directory) {
		this.context.registerBean("counter", FileDescriptor.class,
				() -> FileDescriptor.openFifo(directory.resolve("fifo")));
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(Counter.class))
			.withMessageContaining("there is no bean named 'counter' of type EventFd");
	}

	@Test
	void settingOfTheClockShouldCallMethod() {
		Capability.SYS_TIME.assume();
		start(Clock.class);
		this.loop.runOnce();
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls.list).containsExactlyInAnyOrder("clock set", "clock set by little");
	}

	private void adopt(String name, int number) {
		this.context.registerBean(name, FileDescriptor.class, () -> FileDescriptor.adopt(number, name));
	}

	private void properties(Map<String, Object> properties) {
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
	}

	private void start(Class<?>... handlers) {
		this.context.register(handlers);
		this.context.refresh();
		this.context.getBean(EventHandlers.class).open(Placement.OF_MAIN, this.loop, this.sources::add);
	}

	private static void write(FileDescriptor fd, String text) {
		assertThat(fd.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))).isEqualTo(text.length());
	}

	private static String read(FileDescriptor fd) {
		ByteBuffer buffer = ByteBuffer.allocate(256);
		return (fd.read(buffer) < 0) ? "end" : StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
	}

	static final class Calls {

		private final List<String> list = new ArrayList<>();

	}

	@EventHandler
	record Input(Calls calls) {

		@OnReadable("input")
		void read(FileDescriptor input, Readiness readiness, DescriptorSource source) {
			String text = DescriptorHandlerTests.read(input);
			this.calls.list.add(readiness + " " + text);
			if ("end".equals(text)) {
				source.close();
			}
		}

	}

	@EventHandler
	record Output(Calls calls) {

		@OnWritable("${output}")
		void write(DescriptorSource source, FileDescriptor output, Readiness readiness) {
			this.calls.list.add(readiness.toString());
			DescriptorHandlerTests.write(output, "hello");
			source.pause();
		}

	}

	@EventHandler
	record Urgent(Calls calls) {

		@OnExceptional("input")
		void tell(FileDescriptor input, Readiness readiness, DescriptorSource source) {
			this.calls.list.add("urgent " + readiness);
			source.pause();
		}

	}

	@EventHandler
	record Counter(Calls calls) {

		@OnEventFd("counter")
		void count(long count, EventFd counter) {
			this.calls.list.add(Long.toUnsignedString(count) + " " + counter.isOpen());
		}

	}

	@EventHandler
	record Clock(Calls calls) {

		@OnClockSet
		void set() {
			this.calls.list.add("clock set");
		}

		@OnClockSet
		void set(ClockChange change) {
			this.calls.list.add("clock set by " + ((change.step().abs().toSeconds() < 10) ? "little" : change));
		}

	}

}
