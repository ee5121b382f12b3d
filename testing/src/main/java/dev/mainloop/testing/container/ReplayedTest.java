package dev.mainloop.testing.container;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.launcher.TestIdentifier;

/**
 * What a test of the container is on the host: the same, but for the engine in its id.
 */
final class ReplayedTest extends AbstractTestDescriptor {

	private final TestIdentifier original;

	private final boolean mayRegisterTests;

	/**
	 * Copies a test.
	 * @param id its id on the host
	 * @param original the test
	 * @param mayRegisterTests whether more are found below it when it runs
	 */
	ReplayedTest(UniqueId id, TestIdentifier original, boolean mayRegisterTests) {
		super(id, original.getDisplayName(), source(original));
		this.original = original;
		this.mayRegisterTests = mayRegisterTests;
	}

	private static @Nullable TestSource source(TestIdentifier original) {
		return original.getSource().orElse(null);
	}

	@Override
	public String getLegacyReportingName() {
		return this.original.getLegacyReportingName();
	}

	@Override
	public Type getType() {
		return this.original.getType();
	}

	@Override
	public boolean mayRegisterTests() {
		return this.mayRegisterTests;
	}

	@Override
	public Set<TestTag> getTags() {
		return this.original.getTags();
	}

}
