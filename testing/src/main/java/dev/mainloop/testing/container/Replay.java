package dev.mainloop.testing.container;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Tells the host's listener what happens to the tests in the container, under the same
 * names. At the end it fails whatever has begun and not ended, and each class that has
 * not begun.
 */
final class Replay {

	private final TestDescriptor root;

	private final EngineExecutionListener listener;

	private final Map<UniqueId, TestDescriptor> tests = new HashMap<>();

	private final Set<TestDescriptor> started = new HashSet<>();

	private final Set<TestDescriptor> ended = new HashSet<>();

	private boolean complete;

	Replay(TestDescriptor root, EngineExecutionListener listener) {
		this.root = root;
		this.listener = listener;
		root.accept((test) -> this.tests.put(test.getUniqueId(), test));
	}

	void play(TestEvent event) {
		if (event instanceof TestEvent.Registered registered) {
			find(registered.test());
		}
		else if (event instanceof TestEvent.Skipped skipped) {
			TestDescriptor test = find(skipped.test());
			this.ended.add(test);
			this.listener.executionSkipped(test, skipped.reason());
		}
		else if (event instanceof TestEvent.Started begun) {
			start(find(begun.test()));
		}
		else if (event instanceof TestEvent.Finished finished) {
			end(find(finished.test()), finished.result());
		}
		else if (event instanceof TestEvent.Published published) {
			this.listener.reportingEntryPublished(find(published.test()), ReportEntry.from(published.entry()));
		}
		else if (event instanceof TestEvent.Completed) {
			this.complete = true;
		}
	}

	/** Whether the run in the container has come to its end. */
	boolean isComplete() {
		return this.complete;
	}

	/**
	 * Ends the replay.
	 * @param cause why something may be missing
	 */
	void close(Throwable cause) {
		this.root.getChildren().forEach((test) -> close(test, cause));
		start(this.root);
		if (!this.ended.contains(this.root)) {
			end(this.root, TestExecutionResult.failed(cause));
		}
	}

	private void close(TestDescriptor test, Throwable cause) {
		if (!this.ended.contains(test)) {
			start(test);
			test.getChildren().stream().filter(this.started::contains).forEach((child) -> close(child, cause));
			end(test, TestExecutionResult.failed(cause));
		}
	}

	private void start(TestDescriptor test) {
		if (this.started.add(test)) {
			this.listener.executionStarted(test);
		}
	}

	private void end(TestDescriptor test, TestExecutionResult result) {
		this.ended.add(test);
		this.listener.executionFinished(test, result);
	}

	private TestDescriptor find(TestIdentifier identifier) {
		UniqueId id = local(identifier.getUniqueIdObject());
		TestDescriptor known = this.tests.get(id);
		return (known != null) ? known : register(id, identifier);
	}

	private TestDescriptor register(UniqueId id, TestIdentifier identifier) {
		TestDescriptor test = new ReplayedTest(id, identifier, identifier.isContainer());
		UniqueId parent = identifier.getParentIdObject().map(this::local).orElse(this.root.getUniqueId());
		this.tests.getOrDefault(parent, this.root).addChild(test);
		this.tests.put(id, test);
		this.listener.dynamicTestRegistered(test);
		return test;
	}

	/** Turns the id of a test in the container into the one that it has here. */
	private UniqueId local(UniqueId remote) {
		UniqueId id = this.root.getUniqueId();
		for (UniqueId.Segment segment : remote.getSegments().subList(1, remote.getSegments().size())) {
			id = id.append(segment);
		}
		return id;
	}

}
