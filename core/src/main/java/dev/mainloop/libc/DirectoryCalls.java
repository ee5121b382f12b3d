package dev.mainloop.libc;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The system calls that read what a directory holds and where a symbolic link leads, by
 * the convention of {@link LibC}. They are loaded on first use. A name is a text of which
 * each character is a byte, as it may be one that no charset knows.
 */
public final class DirectoryCalls {

	/** Looks at a symbolic link and not at what it leads to, for {@link LibC#statx}. */
	public static final int AT_SYMLINK_NOFOLLOW = 0x100;

	private static final int SYS_GETDENTS64 = Set.of("amd64", "x86_64").contains(System.getProperty("os.arch")) ? 217
			: 61;

	private static final int NAME = 19;

	private static final int LONGEST = 4096;

	private DirectoryCalls() {
	}

	/**
	 * Reads some of the names in a directory, see {@code getdents64(2)}.
	 * @param fd the directory
	 * @param action is given each name but those of the directory and its parent
	 * @return more than zero if there may be others, zero, or a negated errno
	 */
	public static int list(int fd, Consumer<String> action) {
		try (Scratch scratch = Scratch.take(Scratch.SIZE)) {
			NativeMemory memory = scratch.memory();
			int result = Library.SYSCALL.call(SYS_GETDENTS64, fd, memory.address(), memory.size());
			for (int entry = 0; entry < result; entry += memory.getShort(entry + 16) & 0xffff) {
				String name = text(memory, entry + NAME);
				if (!".".equals(name) && !"..".equals(name)) {
					action.accept(name);
				}
			}
			return result;
		}
	}

	private static String text(NativeMemory memory, int begin) {
		int end = begin;
		while (memory.getByte(end) != 0) {
			end++;
		}
		return text(memory, begin, end - begin);
	}

	/**
	 * Reads where a symbolic link leads, see {@code readlink(2)}.
	 * @param path the bytes of the path of the link
	 * @return the path there, empty if it cannot be read
	 */
	public static String readLink(byte[] path) {
		try (Scratch scratch = Scratch.take(path.length + 1 + LONGEST)) {
			NativeMemory memory = scratch.memory();
			memory.putPath(path);
			int begin = path.length + 1;
			int result = Library.READLINK.call(memory.address(), memory.address() + begin, LONGEST);
			return text(memory, begin, Math.max(0, result));
		}
	}

	private static String text(NativeMemory memory, int begin, int length) {
		byte[] bytes = new byte[length];
		memory.buffer().get(begin, bytes);
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private static final class Library {

		static final NativeFunction SYSCALL = new NativeFunction("syscall", 4);

		static final NativeFunction READLINK = new NativeFunction("readlink", 3);

		private Library() {
		}

	}

}
