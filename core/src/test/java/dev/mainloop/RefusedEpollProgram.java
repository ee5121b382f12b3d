package dev.mainloop;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;

/**
 * A program of its own for {@link RefusedEpollTests}, which opens no epoll instance.
 */
public final class RefusedEpollProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private RefusedEpollProgram() {
	}

	/**
	 * Prints what becomes of a loop that is to choose its multiplexer, and of one that is
	 * to wait by epoll.
	 * @param args why no epoll instance can be opened
	 * @throws InterruptedException if it fails
	 */
	public static void main(String[] args) throws InterruptedException {
		Errno errno = Errno.valueOf(args[0]);
		if (errno == Errno.EMFILE) {
			withoutDescriptors();
		}
		else {
			SeccompFilter.refuseEpoll(errno);
			run();
			out.println(failure(MultiplexerKind.EPOLL));
		}
	}

	private static void run() throws InterruptedException {
		try (MainLoop loop = MainLoop.builder().multiplexer(MultiplexerKind.AUTO).build()) {
			out.println(loop.multiplexerName() + ", " + loop.multiplexerFallbackReason());
			for (String path : List.of("/proc/self/exe", "/tmp", "/proc/self/mounts")) {
				out.println(path + (isWatched(loop, path) ? " is watched" : " is refused"));
			}
			Thread sender = new Thread(() -> loop.execute(loop::stop), "sender");
			loop.after("timer", Duration.ofMillis(1), (timer) -> {
				out.println("timer");
				sender.start();
			});
			loop.run();
			sender.join();
			out.println(loop.state());
		}
	}

	private static boolean isWatched(MainLoop loop, String path) {
		try (FileDescriptor fd = FileDescriptor.open(Path.of(path))) {
			loop.watch(path, fd, Readiness.READABLE, (same, readiness) -> {
			});
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** Fails once before it counts, as loading classes takes file descriptors, too. */
	private static void withoutDescriptors() {
		MainLoop.builder().build().close();
		List<EventFd> all = new ArrayList<>();
		String refusal = fill(all);
		all.forEach(EventFd::close);
		all.clear();
		fill(all);
		String auto = failure(MultiplexerKind.AUTO);
		String epoll = failure(MultiplexerKind.EPOLL);
		all.forEach(EventFd::close);
		out.println(refusal);
		out.println(auto);
		out.println(epoll);
	}

	private static String fill(List<EventFd> eventFds) {
		try {
			while (true) {
				eventFds.add(EventFd.open(0));
			}
		}
		catch (ErrnoException ex) {
			return ex.getMessage();
		}
	}

	private static String failure(MultiplexerKind kind) {
		try (MainLoop loop = MainLoop.builder().multiplexer(kind).build()) {
			return loop.multiplexerName();
		}
		catch (ErrnoException ex) {
			return ex.getMessage();
		}
	}

}
