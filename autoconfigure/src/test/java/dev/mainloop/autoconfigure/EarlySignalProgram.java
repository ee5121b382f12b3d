package dev.mainloop.autoconfigure;

import java.io.IOException;
import java.io.PrintWriter;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.SignalInfo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * An application of its own for {@link EarlySignalTests}, which starts when it is told
 * to, so that signals can come before.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
public class EarlySignalProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	/**
	 * Waits for the first byte of its input before it starts.
	 * @param args properties
	 * @throws IOException if its input fails
	 */
	public static void main(String[] args) throws IOException {
		out.println("not started");
		System.in.read();
		SpringApplication.run(EarlySignalProgram.class, args);
	}

	@EventHandler
	static class Handler {

		@OnSignal({ "SIGHUP", "SIGUSR1", "SIGTERM" })
		void handle(SignalInfo signal) {
			out.println(signal.signal());
		}

	}

}
