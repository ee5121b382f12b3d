package dev.mainloop.testing.container;

import java.util.ServiceLoader;

import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Runs the tests that need Linux in a container. They are found on the host, as Jupiter
 * finds them, and run in the container, by Jupiter again; what happens there is replayed
 * on the host under the same names.
 */
public final class ContainerTestEngine implements TestEngine {

	static final String ID = "linux-container";

	private static final String NO_ENGINE = """
			The tests that need Linux run in a container on this host, and no container engine answers. \
			Start one, such as Docker Desktop, or leave these tests out with -D%s=false"""
		.formatted(LinuxTestMode.PROPERTY);

	private static boolean explained;

	@Override
	public String getId() {
		return ID;
	}

	@Override
	public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
		return switch (LinuxTestMode.here()) {
			case NATIVE -> none(uniqueId);
			case CONTAINER -> find(request, uniqueId);
			case CONTAINER_IF_AVAILABLE -> {
				if (JavaContainer.isEngineAvailable()) {
					yield find(request, uniqueId);
				}
				explain("No container engine answers, so the tests that need Linux ran natively alone. "
						+ "Start Docker to have them run in a container, too.");
				yield none(uniqueId);
			}
			case LEFT_OUT -> {
				explain("The tests that need Linux are left out, as %s is false.".formatted(LinuxTestMode.PROPERTY));
				yield none(uniqueId);
			}
		};
	}

	private static TestDescriptor find(EngineDiscoveryRequest request, UniqueId uniqueId) {
		TestEngine jupiter = ServiceLoader.load(TestEngine.class)
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((engine) -> ContainerMain.ENGINE.equals(engine.getId()))
			.findFirst()
			.orElseThrow();
		TestDescriptor root = none(uniqueId);
		addCopies(root, jupiter.discover(request, uniqueId));
		return root;
	}

	/** Copies the children that need Linux. */
	private static void addCopies(TestDescriptor copy, TestDescriptor original) {
		for (TestDescriptor child : original.getChildren()) {
			if (needsLinux(child)) {
				TestDescriptor test = new ReplayedTest(child.getUniqueId(), TestIdentifier.from(child),
						child.mayRegisterTests());
				copy.addChild(test);
				addCopies(test, child);
			}
		}
	}

	private static boolean needsLinux(TestDescriptor test) {
		return NativeTestFilter.needsLinux(test)
				|| test.getDescendants().stream().anyMatch(NativeTestFilter::needsLinux);
	}

	private static TestDescriptor none(UniqueId uniqueId) {
		return new EngineDescriptor(uniqueId, "Linux tests in a container");
	}

	private static synchronized void explain(String text) {
		if (!explained) {
			explained = true;
			System.err.println(text);
		}
	}

	@Override
	public void execute(ExecutionRequest request) {
		TestDescriptor root = request.getRootTestDescriptor();
		EngineExecutionListener listener = request.getEngineExecutionListener();
		if (root.getChildren().isEmpty()) {
			listener.executionStarted(root);
			listener.executionFinished(root, TestExecutionResult.successful());
			return;
		}
		if (!JavaContainer.isEngineAvailable()) {
			listener.executionStarted(root);
			listener.executionFinished(root, TestExecutionResult.failed(new ContainerFailure(NO_ENGINE)));
			return;
		}
		Replay replay = new Replay(root, listener);
		try (ContainerRun run = new ContainerRun(root)) {
			run.replay(replay);
			replay.close(new ContainerFailure("The container did not run this class, though it was asked to"));
		}
		catch (Exception ex) {
			replay.close(ex);
		}
	}

}
