package dev.mainloop.test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.DescriptorSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnExceptional;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TestFileDescriptor} and {@link TestEventFd}, by themselves and in the
 * place of an application's.
 */
class TestFileDescriptorTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class));

	@Test
	void readShouldTakeWhatWasReceivedInPieces() {
		TestFileDescriptor fd = new TestFileDescriptor("line");
		assertThat(fd.read(ByteBuffer.allocate(8))).isZero();
		fd.receive("hel");
		fd.receive((byte) 'l', (byte) 'o');
		assertThat(read(fd, 4)).isEqualTo("hell");
		assertThat(read(fd, 4)).isEqualTo("o");
		assertThat(fd.read(ByteBuffer.allocate(0))).isZero();
		fd.receive("!");
		fd.endOfFile();
		assertThat(fd.read(ByteBuffer.allocate(0))).isZero();
		assertThat(read(fd, 4)).isEqualTo("!");
		assertThat(fd.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThatIllegalStateException().isThrownBy(() -> fd.receive("more")).withMessageContaining("line");
	}

	@Test
	void writeShouldTakeWhatThereIsRoomFor() {
		TestFileDescriptor fd = new TestFileDescriptor("line");
		assertThat(fd.write(bytes("hello"))).isEqualTo(5);
		fd.room(3);
		ByteBuffer rest = bytes("world");
		assertThat(fd.write(rest)).isEqualTo(3);
		assertThat(fd.write(rest)).isZero();
		assertThat(fd.takeWritten()).isEqualTo("hellowor");
		fd.room(10);
		assertThat(fd.write(rest)).isEqualTo(2);
		assertThat(fd.takeWrittenBytes()).isEqualTo("ld".getBytes(StandardCharsets.UTF_8));
		assertThat(fd.takeWritten()).isEmpty();
	}

	@Test
	void whenHungUpWriteShouldFail() {
		TestFileDescriptor fd = new TestFileDescriptor("line");
		fd.endOfFile();
		assertThat(fd.write(bytes("hello"))).isEqualTo(5);
		fd.hangUp();
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> fd.write(bytes("hello")))
			.satisfies((ex) -> assertThat(ex.is(Errno.EPIPE)).isTrue());
	}

	@Test
	void readMessageShouldTellLengthOfEach() {
		TestFileDescriptor fd = new TestFileDescriptor("socket");
		ByteBuffer buffer = ByteBuffer.allocate(2);
		assertThat(fd.readMessage(buffer)).isEqualTo(FileDescriptor.NO_MESSAGE);
		fd.receiveMessage();
		fd.receiveMessage(new byte[] { 1, 2, 3 });
		fd.receiveMessage(new byte[] { 4, 5, 6 });
		fd.receiveMessage();
		fd.endOfFile();
		assertThat(fd.readiness() & Readiness.READABLE).isNotZero();
		assertThat(fd.readMessage(buffer)).isZero();
		assertThat(fd.readMessage(buffer)).isEqualTo(3);
		assertThat(buffer.array()).containsExactly(1, 2);
		assertThat(fd.read(buffer.clear())).isEqualTo(2);
		assertThat(buffer.array()).containsExactly(4, 5);
		assertThat(fd.read(buffer.clear())).isZero();
		assertThat(fd.readMessage(buffer)).isEqualTo(-1);
		assertThatIllegalStateException().isThrownBy(() -> fd.receiveMessage());
	}

	@Test
	void isAtPathShouldTellOfRemoval() {
		TestFileDescriptor fd = new TestFileDescriptor("fifo");
		assertThat(fd.isAtPath()).isTrue();
		fd.leavePath();
		assertThat(fd.isAtPath()).isFalse();
	}

	@Test
	void whenClosedShouldRefuseAll() {
		TestFileDescriptor fd = new TestFileDescriptor("line");
		fd.close();
		assertThatIllegalStateException().isThrownBy(fd::isAtPath).withMessage("line is closed");
		assertThat(fd.isOpen()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> fd.read(ByteBuffer.allocate(1)))
			.withMessage("line is closed");
		assertThatIllegalStateException().isThrownBy(() -> fd.write(bytes("hello")));
		assertThatIllegalStateException().isThrownBy(() -> fd.receive("hello"));
		assertThatIllegalStateException().isThrownBy(fd::acquire).withMessage("line is closed");
	}

	@Test
	void numberShouldBeMissed() {
		assertThatIllegalStateException().isThrownBy(new TestFileDescriptor("line")::acquire)
			.withMessage("line has no number that a system call could take");
	}

	@Test
	void eventFdShouldCount() {
		TestEventFd eventFd = new TestEventFd("count");
		assertThat(eventFd.take()).isZero();
		eventFd.receive(3);
		assertThat(eventFd.add(4)).isTrue();
		assertThat(eventFd.take()).isEqualTo(7);
		assertThat(eventFd.take()).isZero();
		assertThat(eventFd.add(Long.MAX_VALUE)).isTrue();
		assertThat(eventFd.add(Long.MAX_VALUE)).isTrue();
		assertThat(eventFd.add(1)).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> eventFd.receive(1));
		assertThat(Long.toUnsignedString(eventFd.take())).isEqualTo("18446744073709551614");
		assertThatIllegalArgumentException().isThrownBy(() -> eventFd.add(-1));
	}

	@Test
	void semaphoreShouldGiveOneAtATime() {
		TestEventFd eventFd = TestEventFd.semaphore("count");
		eventFd.receive(2);
		assertThat(List.of(eventFd.take(), eventFd.take(), eventFd.take())).containsExactly(1L, 1L, 0L);
	}

	@Test
	void beansShouldBeReplacedAndTheirFactoriesNotCalled() {
		this.contextRunner.withUserConfiguration(Native.class, Echo.class).run((context) -> {
			TestMainLoop loop = context.getBean(TestMainLoop.class);
			TestFileDescriptor line = loop.fileDescriptor("line");
			line.receive("hello");
			assertThat(line.takeWritten()).isEqualTo("hello");
			loop.eventFd("count").receive(5);
			loop.eventFd("count").add(6);
			loop.runUntilIdle();
			assertThat(context.getBean(Echo.class).counts).containsExactly(5L, 6L);
			assertThat(line.isOpen()).isTrue();
			line.endOfFile();
			assertThat(line.isOpen()).isFalse();
			assertThat(context.getBean(FileDescriptor.class)).isSameAs(loop.fileDescriptor("main"));
			assertThat(context.getBean(Qualified.class).fd).isSameAs(line);
			assertThat(context.getBeansOfType(TestFileDescriptor.class)).containsOnlyKeys("line", "main");
		});
	}

	@Test
	void beanThatIsInMemoryAlreadyShouldStay() {
		TestEventFd own = TestEventFd.semaphore("count");
		this.contextRunner.withUserConfiguration(Native.class, Echo.class)
			.withAllowBeanDefinitionOverriding(true)
			.withBean("count", TestEventFd.class, () -> own)
			.run((context) -> {
				own.receive(2);
				assertThat(context.getBean(Echo.class).counts).containsExactly(1L, 1L);
			});
		assertThat(own.isOpen()).isFalse();
	}

	@Test
	void writableShouldBeToldWhenThereIsRoom() {
		this.contextRunner.withUserConfiguration(Native.class, Writer.class).run((context) -> {
			TestFileDescriptor line = context.getBean(TestMainLoop.class).fileDescriptor("line");
			assertThat(line.takeWritten()).isEmpty();
			line.room(2);
			assertThat(line.takeWritten()).isEqualTo("he");
			line.room(10);
			assertThat(line.takeWritten()).isEqualTo("llo");
		});
	}

	@Test
	void unreadDataShouldFailTheTestAndNameTheDescriptor() {
		this.contextRunner.withUserConfiguration(Native.class, Ignorant.class)
			.run((context) -> assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> context.getBean(TestMainLoop.class).fileDescriptor("line").receive("hello"))
				.withMessageContaining("There is work for [line]"));
	}

	@Test
	void triggersShouldBeThoseOfEpoll() {
		test((loop, mainLoop) -> {
			List<String> calls = new ArrayList<>();
			TestFileDescriptor edge = new TestFileDescriptor("edge");
			TestFileDescriptor once = new TestFileDescriptor("once");
			mainLoop.watch("edge", edge, Readiness.READABLE, Trigger.EDGE, (fd, readiness) -> calls.add("edge"));
			var source = mainLoop.watch("once", once, Readiness.READABLE, Trigger.ONE_SHOT,
					(fd, readiness) -> calls.add("once"));
			edge.receive("a");
			once.receive("a");
			assertThat(calls).containsExactly("edge", "once");
			edge.receive("b");
			once.receive("b");
			assertThat(calls).containsExactly("edge", "once", "edge");
			source.resume();
			loop.runUntilIdle();
			assertThat(calls).containsExactly("edge", "once", "edge", "once");
			source.close();
			once.receive("c");
			assertThat(calls).hasSize(4);
		});
	}

	@Test
	void hangUpShouldBeToldWhateverTheInterestButToNone() {
		test((loop, mainLoop) -> {
			List<Readiness> calls = new ArrayList<>();
			TestFileDescriptor line = new TestFileDescriptor("line");
			DescriptorSource source = mainLoop.watch("line", line, 0, Trigger.ONE_SHOT,
					(fd, readiness) -> calls.add(readiness));
			line.receive("hello");
			line.hangUp();
			assertThat(calls).isEmpty();
			source.interest(Readiness.PRIORITY);
			loop.runUntilIdle();
			assertThat(calls).containsExactly(Readiness.of(Readiness.HANG_UP));
		});
	}

	@Test
	void exceptionalConditionShouldBeToldOnce() {
		this.contextRunner.withUserConfiguration(Native.class, Pressure.class).run((context) -> {
			TestFileDescriptor line = context.getBean(TestMainLoop.class).fileDescriptor("line");
			line.receive("hello");
			assertThat(context.getBean(Pressure.class).told).isEmpty();
			line.exceptional();
			line.exceptional();
			assertThat(context.getBean(Pressure.class).told).containsExactly("priority", "priority");
		});
	}

	@Test
	void handlersOfOneDescriptorShouldSeeWhatIsStillTrue() {
		test((loop, mainLoop) -> {
			List<String> calls = new ArrayList<>();
			TestFileDescriptor line = new TestFileDescriptor("line");
			mainLoop.watch("first", line, Readiness.READABLE, (fd, readiness) -> calls.add("first " + read(fd, 1)));
			mainLoop.watch("second", line, Readiness.READABLE, (fd, readiness) -> calls.add("second " + read(fd, 1)));
			line.receive("a");
			line.receive("bc");
			assertThat(calls).containsExactly("first a", "first b", "second c");
		});
	}

	@Test
	void receiveOfHandlerShouldBeHandledLater() {
		test((loop, mainLoop) -> {
			List<String> calls = new ArrayList<>();
			TestFileDescriptor device = new TestFileDescriptor("device");
			mainLoop.watch("device", device, Readiness.READABLE, (fd, readiness) -> calls.add(read(fd, 8)));
			mainLoop.execute(() -> {
				device.receive("answer");
				calls.add("asked");
			});
			loop.runUntilIdle();
			assertThat(calls).containsExactly("asked", "answer");
		});
	}

	private void test(LoopTest test) {
		this.contextRunner
			.run((context) -> test.run(context.getBean(TestMainLoop.class), context.getBean(MainLoop.class)));
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String read(FileDescriptor fd, int size) {
		ByteBuffer buffer = ByteBuffer.allocate(size);
		fd.read(buffer);
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

	@FunctionalInterface
	interface LoopTest {

		void run(TestMainLoop loop, MainLoop mainLoop);

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Qualified.class)
	static class Native {

		@Bean
		@Qualifier("qualified")
		FileDescriptor line() {
			throw new AssertionError("it is opened");
		}

		@Bean
		@Lazy
		@Primary
		static FileDescriptor main() {
			throw new AssertionError("it is opened");
		}

		@Bean
		EventFd count() {
			throw new AssertionError("it is opened");
		}

	}

	static class Qualified {

		final FileDescriptor fd;

		Qualified(@Qualifier("qualified") FileDescriptor fd) {
			this.fd = fd;
		}

	}

	@EventHandler
	static class Echo {

		final List<Long> counts = new ArrayList<>();

		@OnReadable("line")
		void line(FileDescriptor line) {
			ByteBuffer buffer = ByteBuffer.allocate(3);
			if (line.read(buffer) < 0) {
				line.close();
			}
			else {
				line.write(buffer.flip());
			}
		}

		@OnEventFd("count")
		void count(long count) {
			this.counts.add(count);
		}

	}

	@EventHandler
	static class Writer {

		private final ByteBuffer text = bytes("hello");

		Writer(@Qualifier("line") TestFileDescriptor line) {
			line.room(0);
		}

		@OnWritable("line")
		void line(FileDescriptor line, DescriptorSource source) {
			line.write(this.text);
			if (!this.text.hasRemaining()) {
				source.pause();
			}
		}

	}

	@EventHandler
	static class Pressure {

		final List<String> told = new ArrayList<>();

		@OnExceptional("line")
		void line(Readiness readiness) {
			this.told.add(readiness.toString());
		}

	}

	@EventHandler
	static class Ignorant {

		@OnReadable("line")
		void line() {
		}

	}

}
