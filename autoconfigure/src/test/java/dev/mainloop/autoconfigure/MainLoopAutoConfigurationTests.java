package dev.mainloop.autoconfigure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@LinuxTest
class MainLoopAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopHealthContributorAutoConfiguration.class))
		.withBean(Journal.class);

	@Test
	void loopShouldRunWithTheContextAndCloseWithIt() {
		MainLoop[] loop = new MainLoop[1];
		this.contextRunner.run((context) -> {
			loop[0] = context.getBean(MainLoop.class);
			assertThat(loop[0].state()).isEqualTo(MainLoopState.RUNNING);
			Thread thread = loop[0].thread();
			assertThat(thread).isNotNull();
			assertThat(thread.getName()).isEqualTo("mainloop");
			assertThat(thread.isDaemon()).isFalse();
		});
		assertThat(loop[0].state()).isEqualTo(MainLoopState.CLOSED);
		assertThat(loop[0].thread()).isNull();
	}

	@Test
	void handlersOfEveryKindShouldRunOnTheLoop(@TempDir Path directory) {
		Path fifo = directory.resolve("commands");
		this.contextRunner.withBean("commands", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withUserConfiguration(EveryKind.class)
			.withPropertyValues("app.every=5ms")
			.run((context) -> {
				Journal journal = context.getBean(Journal.class);
				journal.awaitEntry("tick");
				shell("kill -WINCH " + ProcessHandle.current().pid());
				journal.awaitEntry("SIGWINCH");
				shell("echo hello > " + fifo);
				journal.awaitEntry("readable hello");
				journal.awaitEntry("message hello");
				assertThat(journal.threads).containsOnly(context.getBean(MainLoop.class).thread());
			});
	}

	@Test
	void queuesShouldBeInjectedByTheTypeOfTheirMessages() {
		this.contextRunner.withUserConfiguration(Pipeline.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			context.getBean(Sender.class).numbers.send(21);
			journal.awaitEntry("text 42");
			assertThat(context.getBean(Sender.class).numbers).isSameAs(context.getBean(OtherSender.class).numbers);
		});
	}

	@Test
	void queueShouldCarrySubtypesToTheHandlersOfEach() {
		this.contextRunner.withUserConfiguration(SubtypeHandlers.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			EventQueue<Object> queue = context.getBean(ObjectSender.class).objects;
			queue.send(7);
			queue.send("seven");
			journal.awaitEntry("string seven");
			assertThat(journal.entries).containsExactly("number 7", "string seven");
		});
	}

	@Test
	void queueShouldRefuseAMessageThatNoHandlerTakes() {
		this.contextRunner.withUserConfiguration(SubtypeHandlers.class)
			.run((context) -> assertThatExceptionOfType(MessageRefusedException.class)
				.isThrownBy(() -> context.getBean(ObjectSender.class).objects.send('c'))
				.withMessage("No @OnMessage method takes c, which was sent as java.lang.Object"));
	}

	@Test
	void contextShouldFailWhenNoHandlerTakesWhatIsSent() {
		this.contextRunner.withUserConfiguration(Sender.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessage(Sender.class.getName()
						+ " sends messages of type java.lang.Integer, and no @OnMessage method takes them"));
	}

	@Test
	void contextShouldFailWhenAQueueIsInjectedWithoutType() {
		this.contextRunner.withUserConfiguration(RawSender.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("asks for an EventQueue without the type of its messages"));
	}

	@Test
	void messagesSentBeforeStartShouldBeHandledAfterIt() {
		this.contextRunner.withUserConfiguration(EarlySender.class, NumberHandler.class)
			.run((context) -> context.getBean(Journal.class).awaitEntry("number 1"));
	}

	@Test
	void messagesThatWaitAtTheEndShouldBeHandled() {
		Journal journal = new Journal();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean(Journal.class, () -> journal)
			.withUserConfiguration(Sender.class, NumberHandler.class)
			.run((context) -> {
				CountDownLatch gate = new CountDownLatch(1);
				context.getBean(MainLoop.class).execute(() -> awaitUninterruptibly(gate));
				for (int i = 1; i <= 1000; i++) {
					context.getBean(Sender.class).numbers.send(i);
				}
				gate.countDown();
			});
		assertThat(journal.entries).hasSize(1000).endsWith("number 1000");
	}

	@Test
	void lifecycleShouldStopAndStartAgain() {
		this.contextRunner.withUserConfiguration(Ticker.class, Sender.class, NumberHandler.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			Journal journal = context.getBean(Journal.class);
			for (int i = 0; i < 3; i++) {
				journal.entries.clear();
				journal.awaitEntry("tick");
				context.stop();
				assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
				assertThat(loop.sourceCounts()).containsEntry("timers", 0);
				assertThatExceptionOfType(MessageRefusedException.class)
					.isThrownBy(() -> context.getBean(Sender.class).numbers.send(1))
					.withMessageContaining("EventQueue<java.lang.Integer>");
				context.start();
				assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
			}
			context.getBean(Sender.class).numbers.send(2);
			journal.awaitEntry("number 2");
		});
	}

	@Test
	void lifecycleShouldBeOlderThanTheWebServer() {
		this.contextRunner.run((context) -> assertThat(context.getBean(MainLoopLifecycle.class).getPhase())
			.isLessThan(Integer.MAX_VALUE - 2048));
	}

	@Test
	void errorHandlerBeanShouldBeToldAndTheLoopGoOn() {
		this.contextRunner.withUserConfiguration(Failing.class, JournalErrorHandler.class).run((context) -> {
			context.getBean(Journal.class).awaitEntry("error failing.fail 1");
			context.getBean(Journal.class).awaitEntry("error failing.fail 2");
		});
	}

	@Test
	void loopShouldBackOffForTheApplicationsOwn() {
		this.contextRunner.withBean("own", MainLoop.class, () -> MainLoop.builder().build())
			.run((context) -> assertThat(context).hasSingleBean(MainLoop.class).hasBean("own"));
	}

	@Test
	void propertiesShouldReachTheLoop() {
		this.contextRunner.withPropertyValues("mainloop.queue-capacity=16", "mainloop.signals=relay")
			.withUserConfiguration(Sender.class, NumberHandler.class)
			.run((context) -> assertThat(context.getBean(Sender.class).numbers.capacity()).isEqualTo(16));
	}

	@Test
	void contextShouldFailWhenAPropertyIsOutOfRange() {
		this.contextRunner.withPropertyValues("mainloop.queue-capacity=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("mainloop.queue-capacity")));
		this.contextRunner.withPropertyValues("mainloop.budget=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("mainloop.budget")));
	}

	@Test
	void healthShouldTellWhatTheLoopStandsOn() {
		this.contextRunner.withUserConfiguration(Ticker.class, Sender.class, NumberHandler.class).run((context) -> {
			MainLoopHealthIndicator indicator = context.getBean("mainloopHealthContributor",
					MainLoopHealthIndicator.class);
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("state", "running")
				.containsEntry("multiplexer", "epoll")
				.containsEntry("signals", "none")
				.containsEntry("thread", "mainloop");
			await().untilAsserted(() -> assertThat(indicator.health().getDetails()).containsEntry("sources",
					Map.of("descriptors", 0, "queues", 1, "signals", 0, "timers", 1)));
			context.stop();
			assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			context.getBean(MainLoop.class).close();
			assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@ParameterizedTest
	@CsvSource({ "auto, epoll", "epoll, epoll", "poll, poll", "select, select" })
	void multiplexerShouldBeChosenByProperty(String value, String name, @TempDir Path directory) {
		Path fifo = directory.resolve("commands");
		this.contextRunner.withBean("commands", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withUserConfiguration(EveryKind.class)
			.withPropertyValues("app.every=5ms", "mainloop.multiplexer=" + value)
			.run((context) -> {
				assertThat(context.getBean(MainLoop.class).multiplexerName()).isEqualTo(name);
				assertThat(context.getBean(MainLoopHealthIndicator.class).health().getDetails())
					.containsEntry("multiplexer", name)
					.doesNotContainKey("multiplexerReason");
				Journal journal = context.getBean(Journal.class);
				journal.awaitEntry("tick");
				shell("kill -WINCH " + ProcessHandle.current().pid());
				journal.awaitEntry("SIGWINCH");
				shell("echo hello > " + fifo);
				journal.awaitEntry("message hello");
			});
	}

	@Test
	void unknownMultiplexerShouldFailAndNameTheProperty() {
		this.contextRunner.withPropertyValues("mainloop.multiplexer=kqueue")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("MultiplexerKind.kqueue"));
	}

	@Test
	void healthShouldBackOff() {
		this.contextRunner.withPropertyValues("management.health.mainloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MainLoopHealthIndicator.class));
	}

	private static void shell(String command) throws Exception {
		assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
	}

	private static void awaitUninterruptibly(CountDownLatch gate) {
		try {
			assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static class Journal {

		private final BlockingQueue<String> entries = new LinkedBlockingQueue<>();

		private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

		void add(String entry) {
			this.entries.add(entry);
			this.threads.add(Thread.currentThread());
		}

		void awaitEntry(String entry) {
			await().atMost(Duration.ofSeconds(20))
				.pollInterval(Duration.ofMillis(2))
				.untilAsserted(() -> assertThat(this.entries).contains(entry));
		}

	}

	@EventHandler
	record EveryKind(Journal journal, EventQueue<String> texts) {

		@OnTimer(every = "${app.every}", initialDelay = "1ms")
		void tick(TimerTick tick, Timer timer) {
			if (tick.expirations() > 0 && tick.latenessNanos() >= 0) {
				this.journal.add("tick");
			}
			timer.pause();
		}

		@OnSignal("WINCH")
		void winch(SignalInfo info, Signal signal) {
			assertThat(info.signal()).isEqualTo(signal);
			this.journal.add(signal.name());
		}

		@OnReadable("commands")
		void read(FileDescriptor commands, Readiness readiness) {
			ByteBuffer buffer = ByteBuffer.allocate(64);
			commands.read(buffer);
			String line = StandardCharsets.UTF_8.decode(buffer.flip()).toString().trim();
			this.journal.add(readiness + " " + line);
			this.texts.send(line);
		}

		@OnMessage
		void message(String text) {
			this.journal.add("message " + text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Sender.class, OtherSender.class, Doubler.class, TextHandler.class })
	static class Pipeline {

	}

	static class Sender {

		final EventQueue<Integer> numbers;

		Sender(EventQueue<Integer> numbers) {
			this.numbers = numbers;
		}

	}

	static class OtherSender {

		final EventQueue<Integer> numbers;

		OtherSender(EventQueue<Integer> numbers) {
			this.numbers = numbers;
		}

	}

	static class RawSender {

		RawSender(EventQueue<?> queue) {
		}

	}

	static class ObjectSender {

		final EventQueue<Object> objects;

		ObjectSender(EventQueue<Object> objects) {
			this.objects = objects;
		}

	}

	static class EarlySender {

		EarlySender(EventQueue<Integer> numbers) {
			numbers.send(1);
		}

	}

	@EventHandler
	record Doubler(EventQueue<List<String>> texts) {

		@OnMessage
		void twice(Integer number) {
			this.texts.send(List.of("text", String.valueOf(2 * number)));
		}

	}

	@EventHandler
	record TextHandler(Journal journal) {

		@OnMessage
		void text(List<String> words) {
			this.journal.add(String.join(" ", words));
		}

		@OnMessage
		void numbers(Iterable<Integer> numbers) {
			this.journal.add("wrong " + numbers);
		}

	}

	@EventHandler
	record NumberHandler(Journal journal) {

		@OnMessage
		void number(Number number) {
			this.journal.add("number " + number);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ ObjectSender.class, NumberHandler.class })
	static class SubtypeHandlers {

		@Bean
		StringHandler stringHandler(Journal journal) {
			return new StringHandler(journal);
		}

	}

	@EventHandler
	record StringHandler(Journal journal) {

		@OnMessage
		void string(String text) {
			this.journal.add("string " + text);
		}

	}

	@EventHandler
	record Ticker(Journal journal) {

		@OnTimer(every = "1ms")
		void tick() {
			this.journal.add("tick");
		}

	}

	@EventHandler("failing")
	static class Failing {

		private int calls;

		@OnTimer(every = "1ms")
		void fail() {
			throw new IllegalStateException(String.valueOf(++this.calls));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JournalErrorHandler {

		@Bean
		ErrorHandler errorHandler(Journal journal) {
			return (source, event, error) -> journal.add("error "
					+ (source.description().startsWith("EventQueue") ? "" : source + " ") + error.getMessage());
		}

	}

}
