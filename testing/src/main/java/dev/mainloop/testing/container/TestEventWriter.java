package dev.mainloop.testing.container;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Map;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes each {@link TestEvent} of a run as a line.
 */
final class TestEventWriter implements TestExecutionListener {

	private final PrintStream out;

	TestEventWriter(PrintStream out) {
		this.out = out;
	}

	@Override
	public void dynamicTestRegistered(TestIdentifier test) {
		write(new TestEvent.Registered(test));
	}

	@Override
	public void executionSkipped(TestIdentifier test, String reason) {
		write(new TestEvent.Skipped(test, reason));
	}

	@Override
	public void executionStarted(TestIdentifier test) {
		write(new TestEvent.Started(test));
	}

	@Override
	public void executionFinished(TestIdentifier test, TestExecutionResult result) {
		Status status = result.getStatus();
		Throwable throwable = result.getThrowable().orElse(null);
		try {
			println(new TestEvent.Finished(test, status, throwable).toLine());
		}
		catch (IOException ex) {
			write(new TestEvent.Finished(test, status, (throwable != null) ? new ThrowablePicture(throwable) : null));
		}
	}

	@Override
	public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
		write(new TestEvent.Published(test, Map.copyOf(entry.getKeyValuePairs())));
	}

	@Override
	public void testPlanExecutionFinished(TestPlan plan) {
		write(new TestEvent.Completed());
	}

	private void write(TestEvent event) {
		try {
			println(event.toLine());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private synchronized void println(String line) {
		this.out.println(line);
		this.out.flush();
	}

}
