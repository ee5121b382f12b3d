package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.mainloop.libc.BufferCalls;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;

/**
 * A pressure trigger: is in an exceptional condition ({@code EPOLLPRI}) once tasks have
 * waited for a resource for so long as its {@link PressureThreshold} says, once in a
 * window at most. See {@code Documentation/accounting/psi.rst} of the kernel. All methods
 * may be called by any thread.
 */
public class PressureTrigger extends FileDescriptor {

	private static final int LARGEST = 1024;

	private PressureTrigger(Path path, String threshold) {
		super(path + " (" + threshold + ")", () -> open(path, threshold));
	}

	/**
	 * Creates a trigger that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected PressureTrigger(String description) {
		super(description);
	}

	/**
	 * Opens a trigger.
	 * @param threshold when it tells
	 * @return the trigger, to be closed by the caller
	 * @throws ErrnoException if a call fails: with {@code ENOENT} or {@code EOPNOTSUPP}
	 * where the kernel does not measure pressure, with {@code EINVAL} for a window that
	 * takes {@code CAP_SYS_RESOURCE}
	 */
	public static PressureTrigger open(PressureThreshold threshold) {
		return new PressureTrigger(threshold.file(), threshold.text());
	}

	private static int open(Path path, String threshold) {
		ByteBuffer text = ByteBuffer.wrap((threshold + "\0").getBytes(StandardCharsets.US_ASCII));
		return open(() -> open(path, PathBytes.of(path), LibC.O_RDWR, 0), (number) -> {
			int result = BufferCalls.write(number, text, 0, text.limit(), text.limit());
			if (result < 0) {
				throw new ErrnoException(result, "write", path, threshold);
			}
		});
	}

	/**
	 * Reads how long tasks had to wait.
	 * @return the pressure as it is now
	 * @throws ErrnoException if the call fails
	 */
	public Pressure pressure() {
		ByteBuffer text = ByteBuffer.allocate(LARGEST);
		int fd = acquire();
		try {
			int result = BufferCalls.pread(fd, text, 0, LARGEST, 0);
			if (result < 0) {
				throw new ErrnoException(result, "pread", this);
			}
			transferred();
			return Pressure.parse(StandardCharsets.US_ASCII.decode(text.limit(result)).toString());
		}
		finally {
			release();
		}
	}

}
