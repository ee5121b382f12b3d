package dev.mainloop.fd;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The bytes by which {@code java.nio.file} names a file to the kernel. They do not depend
 * on an encoding, in which not every name can be written.
 */
public final class PathBytes {

	private PathBytes() {
	}

	/**
	 * Returns the bytes of a path, which is made absolute.
	 * @param path the path
	 * @return its bytes
	 * @throws IllegalArgumentException if it is not one of the default file system
	 */
	public static byte[] of(Path path) {
		URI uri = path.toUri();
		if (!"file".equals(uri.getScheme())) {
			throw new IllegalArgumentException("'path' must be one of the default file system but is " + uri);
		}
		String escaped = withoutSlashOfDirectory(uri.getRawPath());
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
		int index = 0;
		while (index < escaped.length()) {
			char next = escaped.charAt(index++);
			if (next == '%') {
				bytes.write(HexFormat.fromHexDigits(escaped, index, index + 2));
				index += 2;
			}
			else {
				bytes.write(next);
			}
		}
		return bytes.toByteArray();
	}

	/**
	 * Returns the path that has given bytes.
	 * @param bytes the bytes of an absolute path
	 * @return the path
	 */
	public static Path path(byte[] bytes) {
		StringBuilder uri = new StringBuilder("file://");
		for (byte next : bytes) {
			if (next == '/' || next >= '0' && next <= '9' || next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z') {
				uri.append((char) next);
			}
			else {
				uri.append('%').append(HexFormat.of().toHexDigits(next));
			}
		}
		return Path.of(URI.create(uri.toString()));
	}

	/** With a slash at its end, a symbolic link would be followed. */
	private static String withoutSlashOfDirectory(String path) {
		return (path.length() > 1 && path.endsWith("/")) ? path.substring(0, path.length() - 1) : path;
	}

}
