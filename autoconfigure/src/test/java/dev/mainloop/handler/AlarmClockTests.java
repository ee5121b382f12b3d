package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.kernel.Capability;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The clocks that wake a suspended machine, in a process without the capability for that.
 */
@LinuxTest
class AlarmClockTests {

	private static final String REMEDY = "give it with 'AmbientCapabilities=CAP_WAKE_ALARM' in a systemd unit "
			+ "or '--cap-add WAKE_ALARM' for a container, or use ";

	@Test
	void clockWhenProcessLacksCapabilityShouldSayHowToGetIt() throws Exception {
		boolean capable = Capability.WAKE_ALARM.isHeld();
		List<String> launcher = capable ? List.of("setpriv", "--bounding-set=-wake_alarm", "--inh-caps=-wake_alarm")
				: List.of();
		try (JavaProgram program = JavaProgram.start(launcher, List.of(), AlarmClockProgram.class)) {
			assertThat(program.readLine()).isEqualTo("The clock REALTIME_ALARM wakes a suspended machine, for which "
					+ "the process lacks the capability CAP_WAKE_ALARM: " + REMEDY + "REALTIME");
			assertThat(program.readLine()).isEqualTo("timerfd_create(REALTIME_ALARM): EPERM (Operation not permitted)");
			String boottime = "The clock BOOTTIME_ALARM wakes a suspended machine, for which "
					+ "the process lacks the capability CAP_WAKE_ALARM: " + REMEDY + "BOOTTIME";
			assertThat(program.readLine()).isEqualTo(boottime);
			assertThat(program.readLine()).isEqualTo("timerfd_create(BOOTTIME_ALARM): EPERM (Operation not permitted)");
			assertThat(program.readLine()).endsWith(
					"AlarmClockProgram$Alarm.ring' of bean 'alarm' cannot be an " + "@OnTimer handler: " + boottime);
			assertThat(program.readLine())
				.isEqualTo("Give the process the capability, or set 'clock' to one that does not need it.");
			assertThat(program.readLine()).isEqualTo("true");
			assertThat(program.exitCode()).isZero();
		}
	}

}
