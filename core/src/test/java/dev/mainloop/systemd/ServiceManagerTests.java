package dev.mainloop.systemd;

import java.time.Duration;
import java.util.Map;

import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ServiceManagerTests {

	private static final String SELF = Long.toString(ProcessHandle.current().pid());

	private static ServiceManager find(Map<String, String> environment) {
		return ServiceManager.find(environment::get, false).orElseThrow();
	}

	@Test
	void findWhenNoneWantsToBeToldShouldBeEmpty() {
		assertThat(ServiceManager.find(Map.of("WATCHDOG_USEC", "1")::get, false)).isEmpty();
		assertThat(ServiceManager.find(Map.of("NOTIFY_SOCKET", "")::get, false)).isEmpty();
	}

	@Test
	void findWhenAddressIsOfAnotherKindShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> find(Map.of("NOTIFY_SOCKET", "vsock:2:1234")))
			.withMessageStartingWith("The environment variable NOTIFY_SOCKET cannot be used: 'vsock:2:1234' is not");
	}

	@Test
	void watchdogIntervalShouldBeThatOfThisProcess(CapturedOutput output) {
		assertThat(find(Map.of("NOTIFY_SOCKET", "@x")).watchdogInterval()).isEmpty();
		assertThat(find(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "1500000")).watchdogInterval())
			.hasValue(Duration.ofMillis(1500));
		assertThat(find(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "2", "WATCHDOG_PID", SELF)).watchdogInterval())
			.hasValue(Duration.ofNanos(2000));
		assertThat(output).doesNotContain("signs of life");
		Map<String, String> another = Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "2", "WATCHDOG_PID", "1");
		assertThat(find(another).watchdogInterval()).isEmpty();
		assertThat(output).contains("The service manager waits for signs of life of the process 1, and this one has "
				+ "the number " + SELF + " and sends none: have the script that starts Java do so by 'exec'");
		assertThat(ServiceManager.find(another::get, true).orElseThrow().watchdogInterval()).isPresent();
	}

	@Test
	void findWhenIntervalIsNoneShouldThrow() {
		for (String interval : new String[] { "0", "-1", "soon" }) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> find(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", interval)))
				.withMessageStartingWith("The environment variable WATCHDOG_USEC cannot be used: ")
				.withMessageContaining(interval);
		}
	}

	@Test
	void tellShouldSendAssignments() {
		try (NotifySocket socket = new NotifySocket()) {
			ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.address()));
			Notification notification = Notification.READY.and(Notification.status("Läuft,\r\nnow\0"))
				.and(Notification.extendTimeout(Duration.ofSeconds(3)))
				.and(Notification.mainPid(7));
			assertThat(manager.tell(notification, Duration.ZERO)).isTrue();
			assertThat(socket.take()).isEqualTo("READY=1\nSTATUS=Läuft,  now \nEXTEND_TIMEOUT_USEC=3000000\nMAINPID=7");
			long before = System.nanoTime() / 1000;
			manager.tell(Notification.reloading(), Duration.ZERO);
			long after = System.nanoTime() / 1000;
			String[] reloading = socket.take().split("\nMONOTONIC_USEC=");
			assertThat(reloading[0]).isEqualTo("RELOADING=1");
			assertThat(Long.parseLong(reloading[1])).isBetween(before, after);
			assertThat(manager).hasToString("service manager at " + socket.address());
		}
	}

	@Test
	void tellWhenThereIsNoRoomShouldSaySo() {
		try (NotifySocket socket = new NotifySocket()) {
			ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.address()));
			int told = 0;
			while (manager.tell(Notification.WATCHDOG, Duration.ZERO)) {
				told++;
			}
			assertThat(manager.tell(Notification.STOPPING, Duration.ofMillis(5))).isFalse();
			assertThat(socket.pollAll()).hasSize(told).containsOnly("WATCHDOG=1");
			assertThat(manager.tell(Notification.STOPPING, Duration.ZERO)).isTrue();
			assertThat(socket.take()).isEqualTo("STOPPING=1");
		}
	}

	@Test
	void tellWhenServiceManagerIsGoneShouldThrow() {
		NotifySocket socket = new NotifySocket();
		ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.address()));
		socket.close();
		assertThatExceptionOfType(ErrnoException.class)
			.isThrownBy(() -> manager.tell(Notification.READY, Duration.ofDays(1)))
			.satisfies((ex) -> assertThat(ex.is(Errno.ECONNREFUSED)).isTrue());
	}

}
