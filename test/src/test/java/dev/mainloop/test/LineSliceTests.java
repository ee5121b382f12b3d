package dev.mainloop.test;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.fd.FileDescriptor;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests a handler of lines in memory.
 */
@SpringJUnitConfig(LineSliceTests.Application.class)
@AutoConfigureTestMainLoop
class LineSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Test
	void handlerShouldGetWhatTheTestWritesByLine(@Autowired Commands commands) {
		TestFileDescriptor descriptor = this.loop.fileDescriptor("commands");
		descriptor.receive("one\ntw");
		assertThat(commands.lines).containsExactly("one");
		descriptor.receive("o\n" + "three\n".repeat(10_000));
		assertThat(commands.lines).hasSize(10_002).startsWith("one", "two", "three").endsWith("three");
		assertThatExceptionOfType(UnhandledErrorException.class).isThrownBy(() -> descriptor.receive("bad\nfour\n"))
			.withMessageContaining("LineSliceTests$Commands.command'");
		descriptor.receive("rest");
		descriptor.endOfFile();
		assertThat(commands.lines).endsWith("bad", "four", "rest");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Commands.class)
	static class Application {

		@Bean
		FileDescriptor commands() {
			throw new IllegalStateException("This is not to be opened in a test");
		}

	}

	@EventHandler
	static class Commands {

		private final List<String> lines = new ArrayList<>();

		@OnLine("commands")
		void command(String line) {
			this.lines.add(line);
			if (line.equals("bad")) {
				throw new IllegalArgumentException(line);
			}
		}

	}

}
