package dev.mainloop.test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a handler of file descriptors in memory, which {@link TestAotTests} runs once
 * more.
 */
@SpringJUnitConfig(DescriptorSliceTests.Application.class)
@AutoConfigureTestMainLoop
class DescriptorSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Test
	void handlerShouldReadWhatTheTestWrites(@Autowired Reader reader) {
		this.loop.fileDescriptor("commands").receive("hello");
		this.loop.eventFd("counter").receive(3);
		assertThat(reader.received).containsExactly("hello", "3");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Reader.class)
	static class Application {

		@Bean
		FileDescriptor commands() {
			throw new IllegalStateException("This is not to be opened in a test");
		}

		@Bean
		EventFd counter() {
			throw new IllegalStateException("This is not to be opened in a test");
		}

	}

	@EventHandler
	static class Reader {

		private final List<String> received = new ArrayList<>();

		@OnReadable("commands")
		void read(FileDescriptor commands) {
			ByteBuffer bytes = ByteBuffer.allocate(64);
			commands.read(bytes);
			this.received.add(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
		}

		@OnEventFd("counter")
		void count(long count) {
			this.received.add(String.valueOf(count));
		}

	}

}
