package dev.mainloop.health;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.jspecify.annotations.Nullable;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Has BlockHound ask the guards of loops about each call that blocks, of any thread, as
 * any may become that of a loop. Whoever installs BlockHound finds it on the class path.
 * Where no loop is guarded, no call fails by it.
 */
public final class LoopThreadsIntegration implements BlockHoundIntegration {

	private static final String OPTION = "AllowRedefinitionToAddDeleteMethods";

	private static final String FILE_CHANNEL = "sun.nio.ch.FileChannelImpl";

	/** The thread that tries whether it is asked about, and then nobody. */
	private static volatile @Nullable Thread trying;

	@Override
	public void applyTo(BlockHound.Builder builder) {
		builder.dynamicThreadPredicate((others) -> (thread) -> true);
		builder.nonBlockingThreadPredicate((others) -> others.or(LoopThreadsIntegration::isRefused));
	}

	private static boolean isRefused(Thread thread) {
		if (thread == trying) {
			trying = null;
		}
		BlockingCallGuard.check();
		return false;
	}

	/**
	 * Installs BlockHound, for loops alone, unless others have installed it.
	 * @throws UnusableBlockHoundException if the JVM does not let it, or those others
	 * have not found this
	 */
	public static synchronized void install() {
		if (!isInstalled()) {
			requireOption();
			try {
				BlockHound.builder()
					.with(new LoopThreadsIntegration())
					.markAsBlocking(FILE_CHANNEL, "read", "(Ljava/nio/ByteBuffer;)I")
					.markAsBlocking(FILE_CHANNEL, "read", "(Ljava/nio/ByteBuffer;J)I")
					.markAsBlocking(FILE_CHANNEL, "write", "(Ljava/nio/ByteBuffer;)I")
					.markAsBlocking(FILE_CHANNEL, "write", "(Ljava/nio/ByteBuffer;J)I")
					.markAsBlocking(FILE_CHANNEL, "force", "(Z)V")
					.install();
			}
			catch (RuntimeException ex) {
				throw new UnusableBlockHoundException("cannot be installed: " + ex.getMessage(),
						"Have the JVM load it at the start, by '-javaagent:' and the path of its jar", ex);
			}
			if (!isInstalled()) {
				throw new UnusableBlockHoundException("was installed by others, without what knows the loops",
						"Have it installed by BlockHound.install(), which finds that on the class path", null);
			}
		}
	}

	/** Has the thread block, which nothing keeps from going on. */
	private static boolean isInstalled() {
		trying = Thread.currentThread();
		LockSupport.unpark(Thread.currentThread());
		LockSupport.park();
		boolean asked = trying == null;
		trying = null;
		return asked;
	}

	private static void requireOption() {
		Boolean set = Option.isSet();
		if (set == null || !set) {
			throw new UnusableBlockHoundException(
					"needs the option %s of the JVM, which %s".formatted(OPTION,
							(set != null) ? "is off" : "this one, Java %s, does not know".formatted(Runtime.version())),
					(set != null) ? "Start the JVM with '-XX:+%s'".formatted(OPTION)
							: "Run the application on another Java version in development",
					null);
		}
	}

	private static final class Option {

		/** Returns {@code null} if the JVM has no such option. */
		static @Nullable Boolean isSet() {
			try {
				HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
				return (hotSpot != null) ? Boolean.valueOf(hotSpot.getVMOption(OPTION).getValue()) : null;
			}
			catch (IllegalArgumentException ex) {
				return null;
			}
		}

	}

}
