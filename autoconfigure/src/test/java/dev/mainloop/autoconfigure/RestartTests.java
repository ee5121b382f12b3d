package dev.mainloop.autoconfigure;

import java.util.List;

import dev.mainloop.RedeploymentProgram;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Restarts an application as Spring Boot's developer tools do, see
 * {@link RestartProgram}, and as a servlet container does, see
 * {@link RedeploymentProgram}.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RestartTests {

	/** Spring's caches have soft references, which shall not count. */
	private static final String NO_SOFT_REFERENCES = "-XX:SoftRefLRUPolicyMSPerMB=0";

	@Test
	void restartsShouldLeakNeitherFileDescriptorNorClassLoader() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(NO_SOFT_REFERENCES), RestartProgram.class)) {
			assertThat(program.readLines()).last().isEqualTo("nothing is left");
			assertThat(program.exitCode()).isZero();
		}
	}

	@Test
	void redeploymentsShouldLeakNeitherThreadNorClassLoader() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(NO_SOFT_REFERENCES), RedeploymentProgram.class,
				RestartedApplication.Deployed.class.getName())) {
			assertThat(program.readLines()).last().isEqualTo("nothing is left");
			assertThat(program.exitCode()).isZero();
		}
	}

}
