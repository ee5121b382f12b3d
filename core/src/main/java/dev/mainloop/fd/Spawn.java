package dev.mainloop.fd;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * What a new process is to be.
 *
 * @param arguments the program, as a path or a name that is looked for in the
 * {@code PATH} of the new process, and its arguments
 * @param environment the environment variables that are others than those of this
 * process, without a value for one that is not to be there
 * @param onlyEnvironment whether it has no others
 * @param directory its working directory, or {@code null} for that of this process
 * @param input its standard input
 * @param output its standard output
 * @param error its standard error
 * @param group whether it leads a process group
 */
public record Spawn(List<String> arguments, Map<String, Optional<String>> environment, boolean onlyEnvironment,
		@Nullable Path directory, Stdio input, Stdio output, Stdio error, Group group) {

	private static final byte[] DEFAULT_PATH = "/bin:/usr/bin".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Checks what can be checked before.
	 */
	public Spawn {
		arguments = List.copyOf(arguments);
		if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
			throw new IllegalArgumentException("'arguments' must begin with a program");
		}
		environment = new TreeMap<>(environment);
		arguments.forEach(Spawn::requireNoZero);
		environment.forEach((name, value) -> {
			requireNoZero(name);
			value.ifPresent(Spawn::requireNoZero);
			if (name.isEmpty() || name.indexOf('=') >= 0) {
				throw new IllegalArgumentException(
						"'%s' is no name of an environment variable".formatted(LogText.of(name)));
			}
		});
		if (input == Stdio.OUTPUT || output == Stdio.OUTPUT) {
			throw new IllegalArgumentException("Only the standard error can be the standard output");
		}
	}

	private static void requireNoZero(String text) {
		if (text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("'%s' has a zero byte, which would end it".formatted(LogText.of(text)));
		}
	}

	/** Returns what the process is to be called in messages. */
	String program() {
		return this.arguments.get(0);
	}

	/** Returns the bytes of the arguments. */
	List<byte[]> argumentBytes() {
		return this.arguments.stream().map(Spawn::bytes).toList();
	}

	/** Returns the bytes of the environment, in which the later of two would be dead. */
	List<byte[]> environmentBytes(List<byte[]> inherited) {
		List<byte[]> all = new ArrayList<>();
		Map<String, byte[]> changed = new TreeMap<>();
		this.environment.keySet().forEach((name) -> changed.put(name, bytes(name + "=")));
		if (!this.onlyEnvironment) {
			inherited.stream()
				.filter((entry) -> changed.values().stream().noneMatch((name) -> startsWith(entry, name)))
				.forEach(all::add);
		}
		this.environment.forEach((name, value) -> value.ifPresent((text) -> all.add(bytes(name + "=" + text))));
		return all;
	}

	/** Returns where the program may be, in the order in which it is looked for. */
	List<byte[]> candidates(List<byte[]> environment) {
		byte[] program = bytes(program());
		if (program().indexOf('/') >= 0) {
			return List.of(program);
		}
		byte[] name = bytes("PATH=");
		byte[] path = environment.stream()
			.filter((entry) -> startsWith(entry, name))
			.findFirst()
			.map((entry) -> Arrays.copyOfRange(entry, name.length, entry.length))
			.orElse(DEFAULT_PATH);
		List<byte[]> candidates = new ArrayList<>();
		int begin = 0;
		for (int i = 0; i <= path.length; i++) {
			if (i == path.length || path[i] == ':') {
				candidates.add(candidate(Arrays.copyOfRange(path, begin, i), program));
				begin = i + 1;
			}
		}
		return candidates;
	}

	/** A relative directory is meant from the working directory of the new process. */
	private byte[] candidate(byte[] entry, byte[] program) {
		boolean absolute = entry.length > 0 && entry[0] == '/';
		byte[] relative = join((entry.length > 0) ? entry : new byte[] { '.' }, program);
		return (absolute || this.directory == null) ? relative : join(PathBytes.of(this.directory), relative);
	}

	private static byte[] join(byte[] directory, byte[] name) {
		byte[] joined = Arrays.copyOf(directory, directory.length + 1 + name.length);
		joined[directory.length] = '/';
		System.arraycopy(name, 0, joined, directory.length + 1, name.length);
		return joined;
	}

	private static boolean startsWith(byte[] text, byte[] beginning) {
		return text.length >= beginning.length
				&& Arrays.equals(text, 0, beginning.length, beginning, 0, beginning.length);
	}

	/** As the JVM does it, and in UTF-8 what it would make question marks of. */
	private static byte[] bytes(String text) {
		Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
		return text.getBytes(charset.newEncoder().canEncode(text) ? charset : StandardCharsets.UTF_8);
	}

	/** Whether a process leads others. */
	public enum Group {

		/** It belongs to the process group of this process. */
		INHERIT,

		/** It leads a process group of its own, which its own children belong to. */
		OWN_GROUP,

		/** It leads a session of its own, without a terminal, and a process group. */
		OWN_SESSION

	}

}
