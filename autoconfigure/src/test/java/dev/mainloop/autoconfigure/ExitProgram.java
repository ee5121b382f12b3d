package dev.mainloop.autoconfigure;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import static org.awaitility.Awaitility.await;

/**
 * An application of its own for {@link ExitTests}, which one of its handlers ends while
 * messages wait.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, LifecycleAutoConfiguration.class })
public class ExitProgram {

	static final int MESSAGES = 5;

	static final int EXIT_CODE = 3;

	private static final PrintWriter out = new PrintWriter(System.out, true);

	/**
	 * Runs until a handler ends it.
	 * @param args the way to end it, and properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(ExitProgram.class, args).getBean(Handler.class).sendAll(Way.valueOf(args[0]));
	}

	enum Way {

		SYSTEM {

			@Override
			void end(ConfigurableApplicationContext context) {
				System.exit(EXIT_CODE);
			}

		},

		RUNTIME {

			@Override
			void end(ConfigurableApplicationContext context) {
				Runtime.getRuntime().exit(EXIT_CODE);
			}

		},

		SPRING {

			@Override
			void end(ConfigurableApplicationContext context) {
				System.exit(SpringApplication.exit(context, () -> EXIT_CODE));
			}

		},

		CONTEXT {

			@Override
			void end(ConfigurableApplicationContext context) {
				context.close();
			}

		},

		/** When the loop is waited for already, as another thread ends the process. */
		LATE {

			@Override
			void end(ConfigurableApplicationContext context) {
				MainLoop loop = context.getBean(MainLoop.class);
				new Thread(() -> System.exit(EXIT_CODE)).start();
				await().until(() -> loop.state() == MainLoopState.STOPPING);
				System.exit(0);
			}

		};

		abstract void end(ConfigurableApplicationContext context);

	}

	@EventHandler
	static class Handler {

		private final EventQueue<Way> ways;

		private final ConfigurableApplicationContext context;

		private final CountDownLatch sent = new CountDownLatch(1);

		Handler(EventQueue<Way> ways, ConfigurableApplicationContext context) {
			this.ways = ways;
			this.context = context;
		}

		void sendAll(Way way) {
			for (int i = 0; i <= MESSAGES; i++) {
				this.ways.send(way);
			}
			this.sent.countDown();
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			out.println("ready");
		}

		@OnMessage
		void end(Way way) throws InterruptedException {
			this.sent.await();
			out.println("ending");
			way.end(this.context);
		}

	}

}
