package dev.mainloop.autoconfigure;

import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzerTests {

	@Test
	void anotherPlatformShouldBeExplained(CapturedOutput output) {
		String os = System.getProperty("os.name");
		System.setProperty("os.name", "Windows 11");
		try {
			run(EmptyApplication.class);
		}
		finally {
			System.setProperty("os.name", os);
		}
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The main loop is not available: epoll is a facility of Linux and this host runs Windows 11.")
			.contains("Run the application on Linux, for instance in a container.")
			.contains("set 'mainloop.on-unsupported-platform' to 'warn'");
	}

	@LinuxTest
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/no/such/fifo           | ENOENT | Correct the path, or make the file
			/proc/sys/kernel/ostype | EACCES | Give the user that runs the application permission
			/tmp                    | EISDIR | See the errors of open(2) in its manual page.
			""")
	void fileThatCannotBeOpenedShouldBeExplained(String path, String errno, String advice, CapturedOutput output) {
		run(FileApplication.class, "--file=" + path);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The bean 'commands' cannot be made: the system call open(" + path + ", ")
			.contains("): " + errno + " (")
			.contains(advice);
	}

	@LinuxTest
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			EMFILE | ioctl     | raise its limit by 'ulimit -n'
			ENFILE | ioctl     | raise /proc/sys/fs/file-max
			ENOTTY | ioctl     | Name a terminal: a serial line
			EPERM  | ioctl     | Give the user that runs the application permission
			EEXIST | epoll_ctl | The file descriptor is watched already
			EEXIST | open      | Open what exists, or remove it first.
			""")
	void systemCallThatFailsShouldBeExplained(Errno errno, String call, String advice, CapturedOutput output) {
		run(FailingApplication.class, "--errno=" + errno, "--call=" + call);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The bean 'failing' cannot be made: the system call " + call + "(3): " + errno + " (")
			.contains(advice);
	}

	@LinuxTest
	@Test
	void signalOfAHandlerThatCannotBeHadShouldBeExplained(CapturedOutput output) {
		run(SignalApplication.class, "--mainloop.signals=signalfd");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("bean 'reloading' cannot be an @OnSignal handler: "
					+ "SIGWINCH cannot be handled: signalfd takes only a signal that every thread blocks")
			.contains("env --block-signal=WINCH,INT,TERM java -Xrs -jar app.jar");
	}

	@LinuxTest
	@Test
	void signalOfTheApplicationThatCannotBeHadShouldBeExplained(CapturedOutput output) {
		run(ProgrammaticSignalApplication.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("SIGSTOP cannot be handled: the kernel lets no process catch it");
	}

	@Test
	void propertyOutOfRangeShouldBeExplained(CapturedOutput output) {
		run(EmptyApplication.class, "--mainloop.budget=0");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("mainloop.budget").contains("1 or more");
	}

	@Test
	void propertyThatIsNotOneOfItsValuesShouldBeExplained(CapturedOutput output) {
		run(EmptyApplication.class, "--mainloop.signals=telegraph");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("mainloop.signals").contains("telegraph");
	}

	private static void run(Class<?> application, String... arguments) {
		SpringApplication springApplication = new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.build();
		assertThatException().isThrownBy(() -> springApplication.run(arguments).close());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EmptyApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reloading.class)
	static class SignalApplication {

	}

	@EventHandler("reloading")
	static class Reloading {

		@OnSignal("WINCH")
		void reload() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class FileApplication {

		@Bean
		FileDescriptor commands(@Value("${file}") String file) {
			return FileDescriptor.open(Path.of(file), StandardOpenOption.WRITE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class FailingApplication {

		@Bean
		String failing(@Value("${errno}") Errno errno, @Value("${call}") String call) {
			throw new ErrnoException(-errno.number(), call, 3);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ProgrammaticSignalApplication {

		@Bean
		String stop(MainLoop loop) {
			loop.onSignal("stop", Signal.of("STOP"), (signal) -> {
			});
			return "stop";
		}

	}

}
