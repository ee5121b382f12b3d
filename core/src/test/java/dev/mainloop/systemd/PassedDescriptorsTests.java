package dev.mainloop.systemd;

import java.util.HashMap;
import java.util.Map;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class PassedDescriptorsTests {

	private static final String SELF = Long.toString(ProcessHandle.current().pid());

	@Test
	void findWhenNoneIsForThisProcessShouldFindNone(CapturedOutput output) {
		assertThat(PassedDescriptors.find(Map.of("LISTEN_PID", SELF)::get)).isEmpty();
		assertThat(PassedDescriptors.find(Map.of("LISTEN_FDS", "1")::get)).isEmpty();
		assertThat(PassedDescriptors.find(Map.of("LISTEN_PID", SELF, "LISTEN_FDS", "0")::get)).isEmpty();
		assertThat(output).doesNotContain("service manager");
		assertThat(PassedDescriptors.find(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1")::get)).isEmpty();
		assertThat(output).contains("The service manager has passed file descriptors to the process 1, and not to this "
				+ "one, which has the number " + SELF + ": have the script that starts Java do so by 'exec'");
	}

	@Test
	void findWhenNumberCannotBeReadShouldThrow() {
		for (String count : new String[] { "-1", "some" }) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> PassedDescriptors.find(Map.of("LISTEN_PID", SELF, "LISTEN_FDS", count)::get))
				.withMessage(
						"The environment variable LISTEN_FDS is not a number of file descriptors: '" + count + "'");
		}
	}

	@Test
	void findWhenNamesAreOfAnotherNumberShouldThrow() {
		Map<String, String> environment = new HashMap<>(Map.of("LISTEN_PID", SELF, "LISTEN_FDS", "3"));
		for (String names : new String[] { "a:b", "a:b:c:d", "" }) {
			environment.put("LISTEN_FDNAMES", names);
			assertThatIllegalArgumentException().isThrownBy(() -> PassedDescriptors.find(environment::get))
				.withMessage("The environment variable LISTEN_FDNAMES has %d names, and LISTEN_FDS has 3 descriptors"
					.formatted(names.split(":", -1).length));
		}
	}

}
