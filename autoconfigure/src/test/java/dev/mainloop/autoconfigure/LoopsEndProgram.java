package dev.mainloop.autoconfigure;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/**
 * An application of its own for {@link LoopsEndTests}, whose two loops send each other
 * messages without end.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, LifecycleAutoConfiguration.class })
public class LoopsEndProgram {

	static final int BALLS = 100;

	private static final PrintWriter out = new PrintWriter(System.out, true);

	/**
	 * Runs until a signal ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(LoopsEndProgram.class, args);
	}

	@Bean
	Game game() {
		return new Game();
	}

	/** Counts, and tells the counts when both loops have ended. */
	static class Game implements DisposableBean {

		private final AtomicLong sent = new AtomicLong();

		private final AtomicLong handled = new AtomicLong();

		@Override
		public void destroy() {
			out.println("sent " + this.sent + ", handled " + this.handled);
		}

	}

	@EventHandler
	static class Left {

		private final Game game;

		private final EventQueue<Integer> toRight;

		Left(Game game, EventQueue<Integer> toRight) {
			this.game = game;
			this.toRight = toRight;
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			for (int i = 0; i < BALLS; i++) {
				this.toRight.send(i);
				this.game.sent.incrementAndGet();
			}
			out.println("playing");
		}

		@OnMessage
		void hit(String ball) {
			this.game.handled.incrementAndGet();
			this.toRight.send(ball.length());
			this.game.sent.incrementAndGet();
		}

	}

	@EventHandler(loop = "right")
	static class Right {

		private final Game game;

		private final EventQueue<String> toLeft;

		Right(Game game, EventQueue<String> toLeft) {
			this.game = game;
			this.toLeft = toLeft;
		}

		@OnMessage
		void hit(Integer ball) {
			this.game.handled.incrementAndGet();
			this.toLeft.send("ball " + ball);
			this.game.sent.incrementAndGet();
		}

	}

}
