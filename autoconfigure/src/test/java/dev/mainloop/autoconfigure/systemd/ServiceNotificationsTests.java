package dev.mainloop.autoconfigure.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application tells its service manager.
 */
@LinuxTest
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ServiceNotificationsTests {

	private static final int SIGHUP = 1;

	private static final int SIGWINCH = 28;

	private static final String STARTING = "STATUS=Starting";

	private static final String READY = "READY=1\nSTATUS=Running";

	private static final String STOPPING = "STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=60000000";

	private static final String SIGN = "WATCHDOG=1";

	private final NotifySocket socket = new NotifySocket();

	@AfterEach
	void close() {
		this.socket.close();
	}

	private void run(Class<?> handler, Consumer<ConfigurableApplicationContext> test, String... properties) {
		run(handler, (application) -> {
		}, test, properties);
	}

	private void run(Class<?> handler, Consumer<SpringApplication> settings,
			Consumer<ConfigurableApplicationContext> test, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("NOTIFY_SOCKET=" + this.socket.address());
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, handler)
			.web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new));
		settings.accept(builder.application());
		try (ConfigurableApplicationContext context = builder.run()) {
			test.accept(context);
		}
	}

	private void takeStart() {
		assertThat(this.socket.take()).isEqualTo(STARTING);
		assertThat(this.socket.take()).isEqualTo(READY);
	}

	@Test
	void startAndStopShouldBeTold() {
		run(NoHandler.class, (context) -> {
			takeStart();
			context.getBean(ServiceNotifications.class).status("3 sensors");
			assertThat(this.socket.take()).isEqualTo("STATUS=3 sensors");
		});
		assertThat(this.socket.take()).isEqualTo(STOPPING);
		assertThat(this.socket.pollAll()).isEmpty();
	}

	@Test
	void readyShouldBeToldWhenAllLoopsRun() {
		CountDownLatch goesOn = new CountDownLatch(1);
		run(NoHandler.class, (application) -> application.addListeners(blocking(goesOn)), (context) -> {
			assertThat(this.socket.take()).isEqualTo(STARTING);
			context.getBean(ServiceNotifications.class).status("One loop runs");
			assertThat(this.socket.take()).isEqualTo("STATUS=One loop runs");
			assertThat(this.socket.pollAll()).isEmpty();
			goesOn.countDown();
			assertThat(this.socket.take()).isEqualTo("READY=1\nSTATUS=One loop runs");
		}, "mainloop.loops.other.count=1");
	}

	private static ApplicationListener<ApplicationStartedEvent> blocking(CountDownLatch goesOn) {
		return (event) -> event.getApplicationContext()
			.getBean("mainLoop other", MainLoop.class)
			.execute(() -> awaitQuietly(goesOn));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void propertiesShouldTellMore() {
		run(NoHandler.class, (context) -> {
			assertThat(this.socket.take()).isEqualTo(STARTING + "\nEXTEND_TIMEOUT_USEC=300000000");
			assertThat(this.socket.take()).isEqualTo(READY + "\nMAINPID=" + ProcessHandle.current().pid());
		}, "mainloop.systemd.start-timeout=5m", "mainloop.systemd.main-pid=true",
				"spring.lifecycle.timeout-per-shutdown-phase=5s");
		assertThat(this.socket.take()).endsWith("EXTEND_TIMEOUT_USEC=10000000");
	}

	@Test
	void longStopShouldBeToldAgain() {
		CountDownLatch goesOn = new CountDownLatch(1);
		run(NoHandler.class, (context) -> {
			takeStart();
			context.addApplicationListener((ApplicationListener<ContextClosedEvent>) (event) -> {
				assertThat(this.socket.take()).startsWith("STOPPING=1");
				assertThat(List.of(this.socket.take(), this.socket.take())).containsOnly("EXTEND_TIMEOUT_USEC=20000");
				goesOn.countDown();
			});
		}, "spring.lifecycle.timeout-per-shutdown-phase=10ms");
		assertThat(goesOn.getCount()).isZero();
	}

	@Test
	void handlerOfTheSignalShouldBeAReload() {
		run(ReloadingHandler.class, (context) -> {
			takeStart();
			kill(SIGHUP);
			assertThat(this.socket.take()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
			assertThat(this.socket.take()).isEqualTo("STATUS=loading");
			assertThat(this.socket.take()).isEqualTo("READY=1\nSTATUS=loading");
			kill(SIGWINCH);
			assertThat(this.socket.take()).isEqualTo("STATUS=loading");
			context.getBean(ReloadingHandler.class).fails = true;
			kill(SIGHUP);
			assertThat(this.socket.take()).startsWith("RELOADING=1");
			assertThat(this.socket.take()).isEqualTo("STATUS=loading");
			assertThat(this.socket.take()).isEqualTo("READY=1\nSTATUS=The last reload has failed; loading");
		}, "signals=SIGWINCH,SIGHUP");
	}

	@Test
	void signalOfAReloadMayBeNamedByAnExpression() {
		run(ExpressionHandler.class, (context) -> {
			takeStart();
			kill(SIGHUP);
			assertThat(this.socket.take()).startsWith("RELOADING=1");
			assertThat(this.socket.take()).isEqualTo(READY);
		}, "signals=HUP");
	}

	@Test
	void signalOfAReloadShouldBeThatOfTheProperty() {
		run(ReloadingHandler.class, (context) -> {
			takeStart();
			kill(SIGWINCH);
			assertThat(this.socket.take()).startsWith("RELOADING=1");
			assertThat(this.socket.take()).isEqualTo("STATUS=loading");
			assertThat(this.socket.take()).startsWith("READY=1");
		}, "signals=SIGWINCH", "mainloop.systemd.reload-signal=SIGWINCH");
	}

	private static void kill(int signal) {
		Kernel.kill(ProcessHandle.current().pid(), signal);
	}

	@Test
	void handlerThatBlocksShouldBeTheStatus() {
		run(BlockingHandler.class, (context) -> {
			takeStart();
			BlockingHandler handler = context.getBean(BlockingHandler.class);
			context.publishEvent(new Block());
			assertThat(this.socket.take())
				.matches("STATUS=The handler 'blockingHandler.block' blocks the loop 'main' for \\d+ ms");
			handler.goesOn.countDown();
			String next = this.socket.take();
			while (!next.equals("STATUS=Running")) {
				assertThat(next).startsWith("STATUS=The handler");
				next = this.socket.take();
			}
		}, "mainloop.blocked-handler.warn-after=20ms");
	}

	@Test
	void signsOfLifeShouldBeToldWhileTheApplicationIsLive(CapturedOutput output) {
		run(NoHandler.class, (context) -> {
			List<String> told = new ArrayList<>();
			while (told.stream().filter(SIGN::equals).count() < 3) {
				told.add(this.socket.take());
			}
			AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
			await().until(() -> output.getOut()
				.contains("told no sign of life, as the liveness of the application is BROKEN"));
			this.socket.pollAll();
			context.getBean(ServiceNotifications.class).status("broken");
			assertThat(this.socket.take()).isEqualTo("STATUS=broken");
			AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
			assertThat(this.socket.take()).isEqualTo(SIGN);
			context.stop();
			this.socket.pollAll();
			context.start();
			assertThat(this.socket.take()).isEqualTo(SIGN);
		}, "WATCHDOG_USEC=20000");
	}

	@Test
	void applicationWhoseBeansAreLazyShouldTellTheSame() {
		run(NoHandler.class, (application) -> application.setLazyInitialization(true), (context) -> {
			List<String> told = new ArrayList<>();
			while (!told.containsAll(List.of(STARTING, READY, SIGN))) {
				told.add(this.socket.take());
			}
		}, "WATCHDOG_USEC=20000");
		assertThat(this.socket.pollAll()).endsWith(STOPPING);
	}

	@Test
	void nothingShouldBeToldUnlessWanted() {
		run(NoHandler.class, (context) -> context.getBean(ServiceNotifications.class).status("Quiet"),
				"mainloop.systemd.enabled=false");
		assertThat(this.socket.pollAll()).isEmpty();
	}

	@Test
	void addressThatCannotBeUsedShouldBeLogged(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("NOTIFY_SOCKET=vsock:2:1234")
			.run()) {
			assertThat(context.getBean(ServiceNotifications.class).manager()).isEmpty();
		}
		assertThat(output).contains("The service manager is told nothing: The environment variable NOTIFY_SOCKET "
				+ "cannot be used: 'vsock:2:1234' is not the address of a Unix socket");
	}

	@Test
	void serviceManagerThatIsGoneShouldBeLogged(CapturedOutput output) {
		this.socket.close();
		run(ReloadingHandler.class, (context) -> context.getBean(ReloadingHandler.class).reload(), "signals=SIGHUP");
		assertThat(output)
			.contains("The service manager at " + this.socket.address() + " could not be told 'STATUS=loading'")
			.contains("ECONNREFUSED");
	}

	@Test
	void statusForWhichThereIsNoRoomShouldBeLogged(CapturedOutput output) {
		run(NoHandler.class, (context) -> {
			takeStart();
			ServiceNotifications notifications = context.getBean(ServiceNotifications.class);
			while (!output.getOut().contains("has no room for 'STATUS=again' and is not told")) {
				notifications.status("again");
			}
			assertThat(this.socket.pollAll()).contains("STATUS=again");
		});
		assertThat(this.socket.take()).isEqualTo(STOPPING);
	}

	@Test
	void propertiesThatCannotBeUsedShouldBeRefused() {
		ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
				AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class));
		runner.withPropertyValues("mainloop.systemd.reload-signal=SIGNONE")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("mainloop.systemd.reload-signal")
				.hasMessageContaining("SIGNONE"));
		runner.withPropertyValues("mainloop.systemd.start-timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("mainloop.systemd.start-timeout")
				.hasMessageContaining("It must be more than zero."));
		runner.withPropertyValues("mainloop.enabled=false")
			.run((context) -> context.getBean(ServiceNotifications.class).reload(() -> {
			}));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class,
			ApplicationAvailabilityAutoConfiguration.class, LifecycleAutoConfiguration.class })
	static class Application {

	}

	static class NoHandler {

	}

	@EventHandler
	static class ReloadingHandler {

		private final ServiceNotifications notifications;

		private volatile boolean fails;

		ReloadingHandler(ServiceNotifications notifications) {
			this.notifications = notifications;
		}

		@OnSignal("${signals}")
		void reload() {
			this.notifications.status("loading");
			if (this.fails) {
				throw new IllegalStateException("no configuration");
			}
		}

	}

	@EventHandler
	static class ExpressionHandler {

		@OnSignal("#{'SIG' + '${signals}'}")
		void reload() {
		}

	}

	record Block() {

	}

	@EventHandler("blockingHandler")
	static class BlockingHandler {

		private final CountDownLatch goesOn = new CountDownLatch(1);

		@OnMessage(applicationEvents = true)
		void block(Block block) throws InterruptedException {
			this.goesOn.await();
		}

	}

}
