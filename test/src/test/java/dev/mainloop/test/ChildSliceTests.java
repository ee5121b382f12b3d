package dev.mainloop.test;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnChildExit;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.Stdio;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringJUnitConfig({ ChildSliceTests.Handler.class, ChildSliceTests.Commands.class })
@AutoConfigureTestMainLoop
class ChildSliceTests {

	private static final long PID = 4711;

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Handler handler;

	@Test
	void childShouldWriteReadAndEndAsTheTestSays() {
		this.loop.send("start");
		TestChild child = this.loop.child("backup");
		assertThat(child.spawn().arguments()).containsExactly("/opt/backup", "--full");
		child.write("one\ntw");
		assertThat(this.handler.events).containsExactly("one");
		child.write("o\n");
		child.writeError("no room\n");
		assertThat(this.handler.events).containsExactly("one", "two", "error: no room");
		this.loop.send("stop");
		assertThat(child.takeSignals()).containsExactly(Signal.of("TERM"));
		child.write("rest");
		child.exit(3);
		assertThat(this.handler.events).endsWith("rest", "exit 3");
		assertThatIllegalStateException().isThrownBy(() -> child.exit(3));
		this.handler.events.clear();
	}

	@Test
	void childThatIgnoresTermShouldBeKilledAfterTheGrace() {
		this.loop.send("start");
		this.loop.send("stop");
		this.loop.advance(Duration.ofSeconds(4));
		assertThat(this.handler.events).isEmpty();
		this.loop.advance(Duration.ofSeconds(1));
		assertThat(this.handler.events).containsExactly("killed by SIGKILL");
		this.handler.events.clear();
	}

	@Test
	void processShouldEndAsTheTestSays() {
		this.loop.send(PID);
		this.loop.exit(PID, ExitStatus.exited(7));
		assertThat(this.handler.events).containsExactly("exit 7");
		this.handler.events.clear();
		assertThatIllegalStateException().isThrownBy(() -> this.loop.exit(PID, ExitStatus.exited(7)));
		assertThatIllegalStateException().isThrownBy(() -> this.loop.child("none"));
	}

	@Test
	void commandsOfMethodsShouldBeStartedAndStartedAgain() {
		TestChild first = this.loop.child("feed");
		first.write("a line\n");
		first.exit(1);
		assertThat(this.handler.events).containsExactly("a line", "feed: exit 1");
		assertThat(this.loop.child("feed")).isSameAs(first);
		this.loop.advance(Duration.ofSeconds(5));
		assertThat(this.loop.child("feed")).isNotSameAs(first);
		this.handler.events.clear();
	}

	@Configuration(proxyBeanMethods = false)
	static class Commands {

		@Bean
		Command feedCommand(Handler handler) {
			return Command.of("feed").outputLines(handler.events::add);
		}

	}

	@EventHandler
	static class Handler {

		private final MainLoop mainLoop;

		private final List<String> events = new ArrayList<>();

		private ChildProcess child;

		Handler(MainLoop mainLoop) {
			this.mainLoop = mainLoop;
		}

		@OnMessage
		void command(String command) {
			if (command.equals("start")) {
				this.child = Command.of("/opt/backup", "--full")
					.input(Stdio.PIPE)
					.outputLines(this.events::add)
					.errorLines((line) -> this.events.add("error: " + line))
					.start(this.mainLoop, "backup", this::ended);
			}
			else {
				this.child.terminate(Duration.ofSeconds(5));
			}
		}

		@OnMessage
		void watch(Long pid) {
			this.mainLoop.onExit("process", new SomeProcess(pid), this::ended);
		}

		@OnChildExit(value = "feedCommand", restartAfter = "5s")
		void feedEnded(ExitStatus status) {
			this.events.add("feed: " + status);
		}

		private void ended(ExitStatus status) {
			this.events.add(status.toString());
		}

	}

	private static final class SomeProcess extends Process {

		private final long pid;

		SomeProcess(long pid) {
			this.pid = pid;
		}

		@Override
		public long pid() {
			return this.pid;
		}

		@Override
		public OutputStream getOutputStream() {
			return OutputStream.nullOutputStream();
		}

		@Override
		public InputStream getInputStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public InputStream getErrorStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public int waitFor() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int exitValue() {
			throw new IllegalThreadStateException();
		}

		@Override
		public void destroy() {
		}

	}

}
