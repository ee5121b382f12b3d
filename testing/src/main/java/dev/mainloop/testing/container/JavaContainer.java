package dev.mainloop.testing.container;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.HostConfig;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.DockerStatus;
import org.testcontainers.utility.MountableFile;

import org.springframework.util.FileSystemUtils;

/**
 * A container that runs a Java program on the class path of this JVM, which is copied
 * into it. Its image is that of the system property {@value #IMAGE_PROPERTY}, which is
 * pulled if it is missing unless {@value #PULL_PROPERTY} is {@code false}.
 */
public final class JavaContainer extends GenericContainer<JavaContainer> {

	static final String IMAGE_PROPERTY = "mainloop.test.image";

	static final String PULL_PROPERTY = "mainloop.test.pull";

	private static final String DEFAULT_IMAGE = "eclipse-temurin:17.0.19_10-jre-noble";

	private static final String CLASS_PATH = "/mainloop/classpath";

	private final Map<String, Path> classPath = new LinkedHashMap<>();

	/**
	 * Describes a container, which {@link #start()} makes.
	 * @param options options for its JVM
	 * @param main the class of the program
	 * @param arguments arguments for the program
	 */
	public JavaContainer(List<String> options, Class<?> main, String... arguments) {
		super(DockerImageName.parse(System.getProperty(IMAGE_PROPERTY, DEFAULT_IMAGE)));
		List<String> command = new ArrayList<>(List.of("java"));
		command.addAll(options);
		command.addAll(List.of("-cp", classPath(), main.getName()));
		command.addAll(List.of(arguments));
		withCommand(command.toArray(String[]::new));
		withHostConfig((host) -> host.withInit(true));
		withStartupCheckStrategy(new Begun());
		if ("false".equals(System.getProperty(PULL_PROPERTY))) {
			withImagePullPolicy((image) -> false);
		}
	}

	/**
	 * Tells whether there is an engine to run containers.
	 * @return {@code true} if one answers, though it may not be able to run them
	 */
	public static boolean isEngineAvailable() {
		try {
			return DockerClientFactory.instance().isDockerAvailable();
		}
		catch (ContainerFetchException ex) {
			return true;
		}
	}

	/**
	 * Changes what the container is to the host, before it is made.
	 * @param change makes the change
	 * @return this
	 */
	JavaContainer withHostConfig(Consumer<HostConfig> change) {
		return withCreateContainerCmdModifier(
				(create) -> change.accept(Objects.requireNonNull(create.getHostConfig())));
	}

	private String classPath() {
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			if (Files.exists(path)) {
				this.classPath.put(this.classPath.size() + "-" + path.getFileName(), path);
			}
		}
		return this.classPath.keySet().stream().map((name) -> CLASS_PATH + "/" + name).collect(Collectors.joining(":"));
	}

	/** Copies the class path as one directory, as each copy costs a request. */
	@Override
	protected void containerIsCreated(String id) {
		try {
			Path directory = Files.createTempDirectory("classpath");
			try {
				for (Map.Entry<String, Path> entry : this.classPath.entrySet()) {
					FileSystemUtils.copyRecursively(entry.getValue(), directory.resolve(entry.getKey()));
				}
				copyFileToContainer(MountableFile.forHostPath(directory), CLASS_PATH);
			}
			finally {
				FileSystemUtils.deleteRecursively(directory);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The program may end before its start was seen. */
	private static final class Begun extends StartupCheckStrategy {

		@Override
		public StartupStatus checkStartupState(DockerClient client, String id) {
			ContainerState state = getCurrentState(client, id);
			boolean begun = DockerStatus.isContainerRunning(state, null, Instant.now())
					|| DockerStatus.isContainerStopped(state);
			return begun ? StartupStatus.SUCCESSFUL : StartupStatus.NOT_YET_KNOWN;
		}

	}

}
