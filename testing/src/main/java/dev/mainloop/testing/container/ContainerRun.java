package dev.mainloop.testing.container;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.github.dockerjava.api.model.Capability;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestDescriptor;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.images.builder.Transferable;

import org.springframework.boot.convert.DurationStyle;

/**
 * One run of tests in a container. What the container prints comes out here, but for the
 * events of the tests.
 */
final class ContainerRun implements AutoCloseable {

	/** How long the container may be silent before it is given up. */
	static final String TIMEOUT_PROPERTY = "mainloop.test.timeout";

	private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(10);

	private static final int LAST_LINES = 40;

	private final Duration timeout = DurationStyle.detectAndParse(System.getProperty(TIMEOUT_PROPERTY, "5m"));

	private final BlockingQueue<OutputFrame> output = new LinkedBlockingQueue<>();

	private final Deque<String> lastLines = new ArrayDeque<>();

	private final JavaContainer container;

	ContainerRun(TestDescriptor root) {
		this.container = new JavaContainer(options(), ContainerMain.class)
			.withCopyToContainer(Transferable.of(tests(root)), ContainerMain.TESTS)
			.withHostConfig((host) -> host.withCapAdd(Capability.SYS_ADMIN, Capability.SYS_TIME, Capability.WAKE_ALARM))
			.withLogConsumer(this.output::add);
	}

	/** Passes on what the build was told for the tests. */
	private static List<String> options() {
		List<String> options = new ArrayList<>(
				List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+DisplayVMOutputToStderr"));
		System.getProperties().stringPropertyNames().stream().filter(ContainerRun::isForTests).forEach((name) -> {
			options.add("-D%s=%s".formatted(name, System.getProperty(name)));
		});
		return options;
	}

	private static boolean isForTests(String property) {
		return property.startsWith("mainloop.test.") && !property.equals(LinuxTestMode.PROPERTY);
	}

	/** The ids that the tests have in the container, one on a line. */
	private static String tests(TestDescriptor root) {
		int prefix = root.getUniqueId().toString().length();
		return root.getDescendants()
			.stream()
			.filter((test) -> test.getChildren().isEmpty())
			.map((test) -> ContainerMain.ENGINE_ID + test.getUniqueId().toString().substring(prefix))
			.collect(Collectors.joining("\n"));
	}

	/**
	 * Runs the tests.
	 * @param replay told of what happens to them
	 * @throws ContainerFailure if the container does not run them to the end
	 * @throws InterruptedException if it is interrupted
	 */
	void replay(Replay replay) throws InterruptedException {
		this.container.start();
		OutputFrame frame;
		while ((frame = next()).getType() != OutputFrame.OutputType.END) {
			String line = frame.getUtf8StringWithoutLineEnding();
			TestEvent event = TestEvent.fromLine(line);
			if (event != null) {
				replay.play(event);
			}
			else {
				print(line);
			}
		}
		if (!replay.isComplete()) {
			throw new ContainerFailure("The JVM in the container ended before its tests did, with exit code %d.%n%s"
				.formatted(exitCode(), lastOutput()));
		}
	}

	private OutputFrame next() throws InterruptedException {
		OutputFrame frame = this.output.poll(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		if (frame == null) {
			String last = lastOutput();
			dumpThreads();
			throw new ContainerFailure(
					"The tests in the container said nothing for %d seconds and were given up (%s).%n%s"
						.formatted(this.timeout.toSeconds(), TIMEOUT_PROPERTY, last));
		}
		return frame;
	}

	private void dumpThreads() throws InterruptedException {
		this.container.getDockerClient().killContainerCmd(this.container.getContainerId()).withSignal("QUIT").exec();
		OutputFrame frame;
		while ((frame = this.output.poll(1, TimeUnit.SECONDS)) != null) {
			print(frame.getUtf8StringWithoutLineEnding());
		}
	}

	private void print(String line) {
		System.out.println(line);
		this.lastLines.add(line);
		if (this.lastLines.size() > LAST_LINES) {
			this.lastLines.remove();
		}
	}

	private String lastOutput() {
		return this.lastLines.isEmpty() ? "It had printed nothing."
				: "The last that it printed:\n" + String.join("\n", this.lastLines);
	}

	private @Nullable Integer exitCode() {
		return this.container.getDockerClient()
			.waitContainerCmd(this.container.getContainerId())
			.start()
			.awaitStatusCode(EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.container.stop();
	}

}
