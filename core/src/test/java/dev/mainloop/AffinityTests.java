package dev.mainloop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.mainloop.kernel.NativeThread;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Threads of loops that are pinned to CPUs, as the kernel shows them.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class AffinityTests {

	private static final Path TASKSET = Path.of("/usr/bin/taskset");

	/** More than any machine has. */
	private static final String MISSING = "65000";

	private final String before = NativeThread.current().allowedCpus();

	private final CpuSet allowed = CpuSet.ofProcess();

	/** The last CPU, as threads are on the first anyway where there is one alone. */
	private final CpuSet last = CpuSet.parse(this.allowed.toString().replaceAll(".*[,-]", ""));

	private final MainLoop loop = MainLoop.builder().name("pinned").cpus(this.last).build();

	private final List<String> seen = new ArrayList<>();

	@BeforeEach
	void needsTwoCpus() {
		Assumptions.assumeThat(this.allowed.size()).as("CPUs that the process may use").isGreaterThan(1);
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void runShouldPinTheCallerAndGiveBackWhatItHad() {
		this.loop.execute(() -> {
			this.seen.add(NativeThread.current().allowedCpus());
			this.loop.stop();
		});
		this.loop.run();
		assertThat(this.seen).containsExactly(this.last.toString());
		assertThat(NativeThread.current().allowedCpus()).isEqualTo(this.before);
		assertThat(this.loop.cpus()).isEqualTo(this.last);
	}

	@Test
	void runThatFailsShouldGiveBackWhatTheThreadHad() {
		this.loop.execute(() -> {
			this.seen.add(NativeThread.current().allowedCpus());
			this.loop.cycle().fail(new IllegalStateException("injected"));
		});
		assertThatIllegalStateException().isThrownBy(this.loop::run).withMessage("The main loop 'pinned' has failed");
		assertThat(this.seen).containsExactly(this.last.toString());
		assertThat(NativeThread.current().allowedCpus()).isEqualTo(this.before);
	}

	@Test
	void runOnceShouldPinNothing() {
		this.loop.execute(() -> this.seen.add(NativeThread.current().allowedCpus()));
		this.loop.runOnce();
		assertThat(this.seen).containsExactly(this.before);
	}

	@Test
	void eachThreadThatRunsTheLoopShouldBePinned() {
		for (int i = 0; i < 3; i++) {
			try (LoopRunner runner = LoopRunner.start(this.loop)) {
				assertThat(runner.thread().isRunning()).isTrue();
				assertThat(onLoop(() -> NativeThread.current().allowedCpus())).isEqualTo(this.last.toString());
			}
		}
	}

	@Test
	void loopWithoutCpusShouldRunWhereTheProcessMay() {
		try (MainLoop free = MainLoop.builder().build()) {
			free.execute(() -> {
				this.seen.add(NativeThread.current().allowedCpus());
				free.stop();
			});
			free.run();
			assertThat(free.cpus()).isNull();
		}
		assertThat(this.seen).containsExactly(this.before);
	}

	@Test
	void threadsThatHandlersStartShouldInheritTheCpus() {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			assertThat(onLoop(() -> cpusOf(Thread::new))).isEqualTo(this.last.toString());
			assertThat(onLoop(() -> cpusOf((task) -> Affinity.thread(task, "core")))).isEqualTo(this.before);
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	private static String cpusOf(Function<Runnable, Thread> threads) {
		AtomicReference<String> cpus = new AtomicReference<>();
		Thread thread = threads.apply(() -> cpus.set(NativeThread.current().allowedCpus()));
		thread.start();
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return cpus.get();
	}

	@Test
	void watchThatHandlerStartsShouldNotInheritTheCpus() {
		CompletableFuture<String> cpus = new CompletableFuture<>();
		try (LoopRunner runner = LoopRunner.start(this.loop);
				HandlerWatch watch = new HandlerWatch(this.loop, Duration.ofMillis(1), RunningHandler::source,
						(blocked) -> cpus.complete(NativeThread.current().allowedCpus()))) {
			this.loop.execute(() -> {
				watch.start();
				cpus.join();
			});
			assertThat(get(cpus)).isEqualTo(this.before);
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void loopThatHandlerStartsShouldNotInheritTheCpus() {
		try (LoopRunner runner = LoopRunner.start(this.loop); MainLoop other = MainLoop.builder().build()) {
			MainLoopThread thread = new MainLoopThread(other);
			CompletableFuture<String> cpus = new CompletableFuture<>();
			other.execute(() -> cpus.complete(NativeThread.current().allowedCpus()));
			this.loop.execute(thread::start);
			assertThat(get(cpus)).isEqualTo(this.before);
			get(thread.stop());
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void buildWithCpuThatIsNotAllowedShouldNameAll() {
		assertThatExceptionOfType(UnusableCpusException.class)
			.isThrownBy(() -> MainLoop.builder().cpus(CpuSet.parse("0," + MISSING)).build())
			.withMessage("The main loop cannot run on the CPUs 0,65000, as the process may only use %s. %s.",
					this.allowed, "Choose among those, or let the process use more, by taskset(1), AllowedCPUs= of "
							+ "systemd or --cpuset-cpus of docker");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0,65000", "65000" })
	void pinShouldRefuseWhatTheKernelLeavesOut(String cpus) {
		Affinity affinity = new Affinity(new LoopName("workers-1"), CpuSet.parse(cpus));
		assertThatExceptionOfType(UnusableCpusException.class).isThrownBy(affinity::pin)
			.withMessageStartingWith(
					"The main loop 'workers-1' cannot run on the CPUs %s, as the process may only use %s. Choose", cpus,
					this.allowed);
		assertThat(NativeThread.current().allowedCpus()).isEqualTo(this.before);
	}

	@Test
	void cpuThatTaskSetForbidsShouldBeRefusedByBuild() throws Exception {
		Assumptions.assumeThat(Files.isExecutable(TASKSET)).isTrue();
		List<Integer> cpus = cpus();
		assertThat(run(List.of(TASKSET.toString(), "-c", cpus.get(0).toString()), cpus.get(1).toString()))
			.containsExactly("build: The main loop 'pinned' cannot run on the CPUs %d, as the process may only use %d. "
				.formatted(cpus.get(1), cpus.get(0))
					+ "Choose among those, or let the process use more, by taskset(1), AllowedCPUs= of systemd or "
					+ "--cpuset-cpus of docker.");
	}

	@Test
	void cpuThatTaskSetForbidsLaterShouldBeRefusedByStart() throws Exception {
		Assumptions.assumeThat(Files.isExecutable(TASKSET)).isTrue();
		List<Integer> cpus = cpus();
		assertThat(run(List.of(), cpus.get(1).toString(), TASKSET.toString(), cpus.get(0).toString())).containsExactly(
				"start: The main loop 'pinned' cannot run on the CPUs %d, as the process may only use %d"
					.formatted(cpus.get(1), cpus.get(0)),
				"state: new", "run: The main loop 'pinned' cannot run on the CPUs %d, as the process may only use %d"
					.formatted(cpus.get(1), cpus.get(0)),
				"state: new");
	}

	private List<Integer> cpus() {
		return IntStream.range(0, 65_536).filter(this.allowed::contains).boxed().toList();
	}

	private static List<String> run(List<String> launcher, String... arguments) throws Exception {
		try (JavaProgram program = JavaProgram.start(launcher, List.of(), AffinityProgram.class, arguments)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as("exit code after %s", lines).isZero();
			return lines;
		}
	}

	private <T> T onLoop(Supplier<T> supplier) {
		CompletableFuture<T> result = CompletableFuture.supplyAsync(supplier, this.loop::execute);
		return get(result);
	}

	private static <T> T get(CompletableFuture<T> future) {
		return future.orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

}
