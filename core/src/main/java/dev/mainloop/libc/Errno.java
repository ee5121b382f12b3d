package dev.mainloop.libc;

import java.util.Arrays;

/**
 * The values of {@code errno} that the calls of {@link LibC} document, with the numbers
 * of Linux on x86-64, AArch64 and RISC-V, see {@code errno(3)}.
 */
public enum Errno {

	// @formatter:off
	EPERM(1), ENOENT(2), EINTR(4), EIO(5), ENXIO(6), EBADF(9), EAGAIN(11), ENOMEM(12), EACCES(13), EFAULT(14),
	EBUSY(16), EEXIST(17), ENODEV(19), ENOTDIR(20), EISDIR(21), EINVAL(22), ENFILE(23), EMFILE(24), ETXTBSY(26),
	EFBIG(27), ENOSPC(28), ESPIPE(29), EROFS(30), EPIPE(32), ENAMETOOLONG(36), ENOSYS(38), ELOOP(40), EOVERFLOW(75),
	EDESTADDRREQ(89), EOPNOTSUPP(95), ECONNRESET(104), ENOTCONN(107), ETIMEDOUT(110), ECONNREFUSED(111),
	ECANCELED(125);
	// @formatter:on

	private final int number;

	Errno(int number) {
		this.number = number;
	}

	/**
	 * Returns the number.
	 * @return the positive number
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Tells whether a result of {@link LibC} is this error.
	 * @param result a result, negative for an error
	 * @return {@code true} if the call failed with this error
	 */
	public boolean is(int result) {
		return result == -this.number;
	}

	/**
	 * Names a number.
	 * @param number the positive number
	 * @return its name, such as {@code EPERM}, or {@code errno} with the number
	 */
	public static String name(int number) {
		return Arrays.stream(values())
			.filter((errno) -> errno.number == number)
			.findFirst()
			.map(Errno::name)
			.orElse("errno " + number);
	}

}
