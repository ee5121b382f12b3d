package dev.mainloop.health;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.libc.LibC;
import dev.mainloop.line.Framing;
import dev.mainloop.log.LogText;
import dev.mainloop.multiplexer.IoMultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the call of a handler that BlockHound has found to block, in the stack of the
 * handler.
 */
final class BlockingCall {

	/** The method of BlockHound that asks: the frame after it is the one that blocks. */
	private static final String CHECK = "reactor.blockhound.BlockHoundRuntime.checkBlocking";

	/** Calls that wait for no more than a lock which others hold briefly, or end all. */
	private static final Set<String> ALLOWED = Set.of("java.lang.Runtime.exit",
			"java.util.concurrent.ThreadPoolExecutor.execute",
			"java.util.concurrent.ScheduledThreadPoolExecutor.delayedExecute");

	/** Those that let others run without a wait. */
	private static final Set<String> SPINNING = Set.of("java.lang.Thread.onSpinWait", "java.lang.Thread.yield",
			"java.lang.Thread.yield0");

	/** The end of an application, by one of its handlers. */
	private static final Set<String> ENDING = Set.of(
			"org.springframework.context.support.AbstractApplicationContext.close",
			"org.springframework.context.support.AbstractApplicationContext.stop");

	/** Whose calls write the log or the console. */
	private static final List<String> WRITING = List.of("java.io.PrintStream", "java.util.logging.", "ch.qos.logback.",
			"org.apache.logging.log4j.", "org.slf4j.");

	/** Those of the library, which knows when it waits. */
	private static final Set<String> OWN_PACKAGES = Set.copyOf(
			Stream
				.of(MainLoop.class, FileDescriptor.class, AsyncFiles.class, MainLoops.class, LibC.class, Framing.class,
						LogText.class, IoMultiplexer.class, BlockingCall.class)
				.map(Class::getPackageName)
				.toList());

	private BlockingCall() {
	}

	/**
	 * Names the call that a handler has made.
	 * @param stack what the handler does, from the innermost call out
	 * @return class and method of what it has called, {@code null} if that is allowed
	 */
	static @Nullable String in(List<StackTraceElement> stack) {
		List<StackTraceElement> calls = inside(stack);
		int callees = 0;
		while (callees < calls.size() && isOfTheJdk(calls.get(callees))) {
			callees++;
		}
		boolean allowed = callees == 0 || isAllowed(calls, callees);
		return allowed ? null : name(calls.get(callees - 1));
	}

	/** Whether calls may block, whose innermost frames are of the JDK. */
	private static boolean isAllowed(List<StackTraceElement> calls, int callees) {
		if (SPINNING.contains(name(calls.get(0)))) {
			return true;
		}
		if (callees < calls.size() && isOwn(calls.get(callees))) {
			return true;
		}
		return calls.subList(0, callees).stream().anyMatch((call) -> ALLOWED.contains(name(call))) || calls.stream()
			.anyMatch((call) -> ENDING.contains(name(call)) || isWriting(call) || isInitializing(call));
	}

	private static List<StackTraceElement> inside(List<StackTraceElement> stack) {
		for (int i = 0; i < stack.size(); i++) {
			if (CHECK.equals(name(stack.get(i)))) {
				return stack.subList(i + 1, stack.size());
			}
		}
		return List.of();
	}

	private static boolean isOfTheJdk(StackTraceElement frame) {
		String module = frame.getModuleName();
		return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
	}

	private static boolean isOwn(StackTraceElement frame) {
		String type = frame.getClassName();
		return OWN_PACKAGES.contains(type.substring(0, Math.max(0, type.lastIndexOf('.'))));
	}

	private static boolean isWriting(StackTraceElement frame) {
		return WRITING.stream().anyMatch(frame.getClassName()::startsWith);
	}

	/** A class whose initializer has failed would be of no use ever after. */
	private static boolean isInitializing(StackTraceElement frame) {
		return frame.getMethodName().equals("<clinit>");
	}

	private static String name(StackTraceElement frame) {
		return frame.getClassName() + "." + frame.getMethodName();
	}

}
