package dev.mainloop.systemd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file descriptors that the service manager has opened for this process, such as
 * those of a socket unit, see {@code sd_listen_fds_with_names(3)}.
 */
public final class PassedDescriptors {

	private static final Logger logger = LoggerFactory.getLogger(PassedDescriptors.class);

	private static final String LISTEN_PID = "LISTEN_PID";

	private static final String LISTEN_FDS = "LISTEN_FDS";

	private static final String LISTEN_FDNAMES = "LISTEN_FDNAMES";

	/** What comes after standard input, output and error. */
	private static final int FIRST = 3;

	private static final String UNNAMED = "unknown";

	private PassedDescriptors() {
	}

	/**
	 * Finds the file descriptors by the environment variables that the service manager
	 * has set. They stay open until the process ends, and may be found again.
	 * @param environment answers a variable by its name, {@code null} where it is not set
	 * @return the file descriptors by their names, in their order; of several with the
	 * same name, the second has {@code -2} behind it, and so on
	 * @throws IllegalArgumentException if a variable has a value that it cannot have
	 * @throws ErrnoException if one is not open
	 */
	public static Map<String, FileDescriptor> find(Function<String, @Nullable String> environment) {
		String count = environment.apply(LISTEN_FDS);
		if (count == null || count.isEmpty() || !isForThisProcess(environment.apply(LISTEN_PID))) {
			return Map.of();
		}
		List<String> names = names(count(count), environment.apply(LISTEN_FDNAMES));
		Map<String, FileDescriptor> found = new LinkedHashMap<>();
		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			String unused = name;
			for (int number = 2; found.containsKey(unused); number++) {
				unused = name + "-" + number;
			}
			found.put(unused, FileDescriptor.inherit(FIRST + i, unused));
		}
		return Collections.unmodifiableMap(found);
	}

	/** A child of the process that they are for has the same variables. */
	private static boolean isForThisProcess(@Nullable String pid) {
		String self = Long.toString(ProcessHandle.current().pid());
		if (pid == null || pid.equals(self)) {
			return pid != null;
		}
		logger.warn(("The service manager has passed file descriptors to the process %s, and not to this one, which "
				+ "has the number %s: have the script that starts Java do so by 'exec'")
			.formatted(LogText.of(pid), self));
		return false;
	}

	private static int count(String text) {
		try {
			int count = Integer.parseInt(text);
			if (count >= 0) {
				return count;
			}
		}
		catch (NumberFormatException ex) {
			// It is refused as a negative number is.
		}
		throw new IllegalArgumentException("The environment variable %s is not a number of file descriptors: '%s'"
			.formatted(LISTEN_FDS, LogText.of(text)));
	}

	private static List<String> names(int count, @Nullable String names) {
		if (names == null) {
			return Collections.nCopies(count, UNNAMED);
		}
		List<String> all = new ArrayList<>(List.of(names.split(":", -1)));
		if (count != all.size()) {
			throw new IllegalArgumentException("The environment variable %s has %d names, and %s has %d descriptors"
				.formatted(LISTEN_FDNAMES, all.size(), LISTEN_FDS, count));
		}
		all.replaceAll((name) -> name.isEmpty() ? UNNAMED : name);
		return all;
	}

}
