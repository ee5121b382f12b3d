package dev.mainloop.fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;

/**
 * Finds a control group, see {@code cgroups(7)}.
 */
final class Cgroup {

	private static final String HIERARCHY = "0::";

	private static final String TYPE = " - cgroup2 ";

	private static final int ROOT = 3;

	private static final int MOUNT_POINT = 4;

	private Cgroup() {
	}

	/**
	 * Finds that of this process in the hierarchy of version 2.
	 * @return its directory
	 * @throws ErrnoException with {@code ENOENT} if there is no such hierarchy
	 */
	static Path ofThisProcess() {
		Path proc = Path.of("/proc/self");
		return find(read(proc.resolve("cgroup")), read(proc.resolve("mountinfo")));
	}

	/**
	 * Finds one.
	 * @param groups what is in {@code /proc/self/cgroup}
	 * @param mounts what is in {@code /proc/self/mountinfo}
	 * @return its directory
	 */
	static Path find(List<String> groups, List<String> mounts) {
		String group = groups.stream()
			.filter((line) -> line.startsWith(HIERARCHY))
			.map((line) -> line.substring(HIERARCHY.length()))
			.findFirst()
			.orElseThrow(Cgroup::missing);
		for (String mount : mounts) {
			String[] fields = mount.split(" ");
			if (mount.contains(TYPE) && Path.of(group).startsWith(fields[ROOT])) {
				return Path.of(fields[MOUNT_POINT]).resolve(Path.of(fields[ROOT]).relativize(Path.of(group)));
			}
		}
		throw missing();
	}

	private static ErrnoException missing() {
		return new ErrnoException(-Errno.ENOENT.number(), "open", "the control group of this process, version 2");
	}

	private static List<String> read(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
