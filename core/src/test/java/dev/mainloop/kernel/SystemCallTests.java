package dev.mainloop.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.mainloop.libc.Errno;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
class SystemCallTests {

	@Test
	void assumeWhenItIsNotRefusedShouldGoOn() {
		SystemCall.EPOLL_CREATE1.assume();
		assertThat(SystemCall.report()).doesNotContain("epoll_create1");
	}

	@Test
	void assumeWhenItIsRefusedShouldSkipTheTestAndNameIt() throws Exception {
		String message = inSandbox(() -> {
			TestAbortedException[] aborted = new TestAbortedException[1];
			assertThatExceptionOfType(TestAbortedException.class).isThrownBy(SystemCall.EPOLL_CREATE1::assume)
				.satisfies((ex) -> aborted[0] = ex);
			return aborted[0].getMessage();
		});
		assertThat(message).contains("the system call epoll_create1", "EPERM");
	}

	@Test
	void reportShouldNameThoseThatAreRefused() throws Exception {
		assertThat(inSandbox(SystemCall::report)).startsWith("refused system calls: ")
			.contains("epoll_create1(): EPERM (Operation not permitted)")
			.doesNotContain("eventfd2");
	}

	/** Calls on a thread of its own, for which epoll is refused. */
	private static String inSandbox(Callable<String> call) throws Exception {
		FutureTask<String> task = new FutureTask<>(() -> {
			SeccompFilter.refuseEpoll(Errno.EPERM);
			return call.call();
		});
		new Thread(task, "sandbox").start();
		return task.get(30, TimeUnit.SECONDS);
	}

}
