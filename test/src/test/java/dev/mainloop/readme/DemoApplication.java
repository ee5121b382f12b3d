package dev.mainloop.readme;

import java.nio.file.Path;

import dev.mainloop.EventQueue;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SignalInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class DemoApplication {

	public static void main(String[] args) {
		SpringApplication.run(DemoApplication.class, args);
	}

	@Bean
	FileDescriptor commands() {
		return FileDescriptor.openFifo(Path.of("/tmp/demo.commands"));
	}

	record Greeting(String text) {
	}

	@EventHandler
	static class Greeter {

		private static final Logger logger = LoggerFactory.getLogger(Greeter.class);

		private final EventQueue<Greeting> greetings;

		private int count; // no lock: all handlers run on the one thread of the loop

		Greeter(EventQueue<Greeting> greetings) {
			this.greetings = greetings;
		}

		@OnTimer(every = "1s")
		void beat(TimerTick tick) {
			this.greetings.send(new Greeting("tick"));
		}

		@OnSignal("SIGHUP")
		void hangUp(SignalInfo signal) {
			this.greetings.send(new Greeting("a signal: " + signal.signal()));
		}

		@OnLine("commands")
		void command(String line) {
			this.greetings.send(new Greeting("a line: " + line));
		}

		@OnMessage
		void greet(Greeting greeting) {
			logger.info("{} {}", ++this.count, greeting.text());
		}

	}

}
