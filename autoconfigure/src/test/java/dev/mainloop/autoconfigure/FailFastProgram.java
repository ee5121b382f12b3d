package dev.mainloop.autoconfigure;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A program of its own for {@link FailFastTests}, whose handlers make calls that block
 * and others that do not, and which tells what has become of each.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopBlockingCallAutoConfiguration.class,
		LifecycleAutoConfiguration.class })
public class FailFastProgram {

	static final String TOLD = "> ";

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private static ServerSocket server;

	private static final BlockingQueue<String> results = new LinkedBlockingQueue<>();

	/**
	 * Runs until all calls have been made.
	 * @param args properties
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		try (ConfigurableApplicationContext context = run(args)) {
			for (Call call : Call.values()) {
				context.getBean(Handler.class).calls.send(call);
				tell(call.toString());
			}
			context.getBean(MainLoop.class).execute(() -> Call.SLEEP.run(context));
			tell("task");
			context.getBean(OtherHandler.class).texts.send("a");
			tell("loop of its own");
			byHand(context);
		}
		try (ConfigurableApplicationContext context = run()) {
			context.getBean(Handler.class).calls.send(Call.SLEEP);
			tell("without the property");
			try (ConfigurableApplicationContext guarded = run(args)) {
				context.getBean(Handler.class).calls.send(Call.SLEEP);
				tell("beside a context with the property");
				guarded.getBean(Handler.class).calls.send(Call.SLEEP);
				tell("with the property again");
			}
		}
		invoked(args);
	}

	private static ConfigurableApplicationContext run(String... args) {
		return new SpringApplicationBuilder(FailFastProgram.class).web(WebApplicationType.NONE).run(args);
	}

	private static void tell(String what) throws InterruptedException {
		out.println(TOLD + what + ": " + Objects.requireNonNull(results.poll(30, TimeUnit.SECONDS)));
	}

	/** Neither the thread of a loop that is none of the application nor a worker. */
	private static void byHand(ConfigurableApplicationContext context) throws Exception {
		try (MainLoop loop = MainLoop.builder().name("hand").build()) {
			loop.execute(() -> {
				Call.SLEEP.run(context);
				results.add("passed");
			});
			loop.runOnce();
			tell("loop made by hand");
		}
		Thread worker = new Thread(() -> {
			Call.SLEEP.run(context);
			results.add("passed");
		});
		worker.start();
		tell("worker");
	}

	/** Has this thread run the loop, which has blocked before and does so after. */
	private static void invoked(String... args) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(FailFastProgram.class)
			.web(WebApplicationType.NONE)
			.initializers((GenericApplicationContext made) -> made.registerBean(MainLoopInvoker.class))
			.run(args)) {
			context.getBean(Handler.class).calls.send(Call.SLEEP);
			context.getBean(MainLoopInvoker.class).runOnce(Duration.ZERO);
			tell("thread of its own");
			Call.SLEEP.run(context);
			context.getBean(Handler.class).calls.send(Call.SPIN);
			context.getBean(MainLoopInvoker.class).runOnce(Duration.ZERO);
			tell("thread of its own that has blocked");
		}
	}

	@Bean
	ErrorHandler errors() {
		return new ErrorHandler() {

			@Override
			public void handleError(EventSource source, Object event, Throwable error) {
				results.add(error.getClass().getSimpleName() + ": " + error.getMessage());
			}

		};
	}

	@Bean(destroyMethod = "shutdown")
	ExecutorService executor() {
		return Executors.newSingleThreadExecutor();
	}

	enum Call {

		SLEEP {

			@Override
			void make(ConfigurableApplicationContext context) throws InterruptedException {
				Sleep sleep = Thread::sleep;
				sleep.sleep(1);
			}

		},

		LATCH {

			@Override
			void make(ConfigurableApplicationContext context) throws InterruptedException {
				new CountDownLatch(1).await();
			}

		},

		FUTURE {

			@Override
			void make(ConfigurableApplicationContext context) {
				new CompletableFuture<String>().join();
			}

		},

		/** Initializes classes of the JDK that read their settings from a file. */
		LISTEN {

			@Override
			void make(ConfigurableApplicationContext context) throws IOException {
				new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
			}

		},

		FILE {

			@Override
			void make(ConfigurableApplicationContext context) throws IOException {
				try (InputStream file = new FileInputStream(STATUS.toFile())) {
					file.readAllBytes();
				}
			}

		},

		SOCKET {

			@Override
			void make(ConfigurableApplicationContext context) throws IOException {
				new Socket(server.getInetAddress(), server.getLocalPort()).close();
			}

		},

		PROCESS {

			@Override
			void make(ConfigurableApplicationContext context) throws IOException {
				new ProcessBuilder("true").start();
			}

		},

		CHANNEL {

			@Override
			void make(ConfigurableApplicationContext context) throws IOException {
				Files.readString(STATUS);
			}

		},

		LOG {

			@Override
			void make(ConfigurableApplicationContext context) {
				logger.warn("a line of a handler");
			}

		},

		PRINT {

			@Override
			void make(ConfigurableApplicationContext context) {
				out.println("printed by a handler");
			}

		},

		QUEUE {

			@Override
			void make(ConfigurableApplicationContext context) {
				Handler handler = context.getBean(Handler.class);
				handler.numbers.send(1);
				handler.loop.after("once", Duration.ofNanos(1), (tick) -> handler.numbers.send(2));
			}

		},

		EXECUTOR {

			@Override
			void make(ConfigurableApplicationContext context) {
				context.getBean(ExecutorService.class).execute(() -> SLEEP.run(context));
			}

		},

		SPIN {

			@Override
			void make(ConfigurableApplicationContext context) {
				Thread.onSpinWait();
			}

		};

		private static final Logger logger = LoggerFactory.getLogger(Call.class);

		private static final Path STATUS = Path.of("/proc/self/status");

		abstract void make(ConfigurableApplicationContext context) throws Exception;

		void run(ConfigurableApplicationContext context) {
			try {
				make(context);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private interface Sleep {

		void sleep(long millis) throws InterruptedException;

	}

	@EventHandler("handler")
	static class Handler {

		private final EventQueue<Call> calls;

		private final EventQueue<Integer> numbers;

		private final MainLoop loop;

		private final ConfigurableApplicationContext context;

		private int sum;

		Handler(EventQueue<Call> calls, EventQueue<Integer> numbers, MainLoop loop,
				ConfigurableApplicationContext context) {
			this.calls = calls;
			this.numbers = numbers;
			this.loop = loop;
			this.context = context;
		}

		@OnMessage
		void call(Call call) {
			call.run(this.context);
			if (call != Call.QUEUE) {
				results.add("passed");
			}
		}

		@OnMessage
		void add(Integer number) {
			this.sum += number;
			if (this.sum == 3) {
				results.add("passed");
			}
		}

	}

	@EventHandler(value = "other", loop = "other")
	record OtherHandler(EventQueue<String> texts, ConfigurableApplicationContext context) {

		@OnMessage
		void take(String text) {
			Call.SLEEP.run(this.context);
		}

	}

}
