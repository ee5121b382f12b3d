package dev.mainloop.autoconfigure;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.Signal;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;

import static org.awaitility.Awaitility.await;

/**
 * An application of its own for {@link ShutdownTests}, which ends it by signals.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, LifecycleAutoConfiguration.class })
public class ShutdownProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	/**
	 * Runs until a signal ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(ShutdownProgram.class, args);
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		out.println("signals: " + event.getApplicationContext().getBean(MainLoop.class).signalsDescription());
	}

	@Bean
	DisposableBean disposable() {
		return () -> out.println("closed");
	}

	@EventHandler
	@Profile("handler")
	static class TermHandler {

		@OnSignal({ "TERM", "INT" })
		void handle(Signal signal) {
			out.println("handled " + signal);
		}

	}

	@EventHandler
	@Profile("veto")
	static class TermVeto {

		@OnSignal(value = "SIGTERM", vetoExit = true)
		void veto(Signal signal) {
			out.println("vetoed " + signal);
		}

	}

	/** Has the start wait for a line of the standard input. */
	@EventHandler
	@Profile("slowStart")
	static class SlowStart {

		SlowStart() throws IOException {
			out.println("starting");
			System.in.read();
		}

		@OnSignal("HUP")
		void handle(Signal signal) {
			out.println("handled " + signal);
		}

	}

	@EventHandler
	@Profile("stuckTerm")
	static class StuckTermHandler {

		@OnSignal("TERM")
		void handle() throws InterruptedException {
			new CountDownLatch(1).await();
		}

	}

	@EventHandler
	@Profile("stuck")
	static class Stuck {

		private final EventQueue<String> texts;

		Stuck(EventQueue<String> texts) {
			this.texts = texts;
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			for (String text : List.of("first", "second", "third")) {
				this.texts.send(text);
			}
		}

		@OnMessage
		void take(String text) throws InterruptedException {
			out.println("stuck");
			new CountDownLatch(1).await();
		}

	}

	@EventHandler
	@Profile("failing")
	static class Failing {

		private final EventQueue<String> texts;

		private final MainLoop loop;

		Failing(EventQueue<String> texts, MainLoop loop) {
			this.texts = texts;
			this.loop = loop;
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			this.texts.send("fail");
			await().until(() -> this.loop.state() == MainLoopState.FAILED);
			out.println("failed");
		}

		@OnMessage
		void take(String text) {
			throw new IllegalStateException(text);
		}

	}

}
