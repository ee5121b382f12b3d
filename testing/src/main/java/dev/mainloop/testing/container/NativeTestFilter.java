package dev.mainloop.testing.container;

import dev.mainloop.testing.LinuxTest;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Keeps the tests that need Linux from running natively where they run in a container or
 * are left out.
 */
public final class NativeTestFilter implements PostDiscoveryFilter {

	private static final TestTag LINUX = TestTag.create(LinuxTest.TAG);

	private final LinuxTestMode mode = LinuxTestMode.here();

	@Override
	public FilterResult apply(TestDescriptor test) {
		return FilterResult.includedIf(this.mode == LinuxTestMode.NATIVE || !needsLinux(test) || isInContainer(test));
	}

	static boolean needsLinux(TestDescriptor test) {
		return test.getTags().contains(LINUX);
	}

	private static boolean isInContainer(TestDescriptor test) {
		return test.getUniqueId().getEngineId().filter(ContainerTestEngine.ID::equals).isPresent();
	}

}
