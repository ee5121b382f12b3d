package dev.mainloop.handler;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * Makes the files of loops, for the beans that are asked for, and knows which it has
 * made. May be used by any thread.
 */
public final class LoopFiles {

	private static final Logger logger = LoggerFactory.getLogger(LoopFiles.class);

	private final MainLoops loops;

	private final BiConsumer<Placement, AsyncFiles.Builder> settings;

	private final Map<MainLoop, AsyncFiles> made = new ConcurrentHashMap<>();

	/**
	 * Creates those of an application, none of which are made yet.
	 * @param loops its loops
	 * @param settings sets what the files of a loop are made with
	 */
	public LoopFiles(MainLoops loops, BiConsumer<Placement, AsyncFiles.Builder> settings) {
		this.loops = loops;
		this.settings = settings;
	}

	/**
	 * Makes the files of a loop.
	 * @param place the place of the loop
	 * @return the files, to be closed by the caller before the loop
	 * @throws InvalidHandlerException if io_uring is asked for and refused
	 */
	public AsyncFiles make(Placement place) {
		MainLoop loop = this.loops.get(place);
		AsyncFiles.Builder builder = AsyncFiles.builder(loop);
		this.settings.accept(place, builder);
		AsyncFiles files = build(builder, place);
		this.made.put(loop, files);
		logger.atInfo()
			.addKeyValue(LogKeys.LOOP, place.loop())
			.log("%s has its files read and written by %s".formatted(StringUtils.capitalize(place.description()),
					files.fileIo()));
		return files;
	}

	private static AsyncFiles build(AsyncFiles.Builder builder, Placement place) {
		try {
			return builder.build();
		}
		catch (ErrnoException ex) {
			boolean isRefusal = ex.call().startsWith("io_uring") && !ex.is(Errno.EMFILE) && !ex.is(Errno.ENFILE);
			throw isRefusal ? refused(place, ex) : ex;
		}
		catch (UnsupportedOperationException ex) {
			throw refused(place, ex);
		}
	}

	private static InvalidHandlerException refused(Placement place, Exception cause) {
		return new InvalidHandlerException(
				"The files of the %s cannot be read and written by io_uring: %s".formatted(place.description(),
						cause.getMessage()),
				"Set 'mainloop.file-io' to 'auto' or 'workers', or let the process use io_uring, which the kernel may be "
						+ "too old for, or the sysctl kernel.io_uring_disabled or the seccomp profile of a container may "
						+ "refuse.",
				cause);
	}

	/**
	 * Returns the files of a loop if they were made.
	 * @param loop the loop
	 * @return the files, or {@code null} if nothing has asked for them
	 */
	public @Nullable AsyncFiles made(MainLoop loop) {
		return this.made.get(loop);
	}

}
