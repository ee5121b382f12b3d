package dev.mainloop.libc;

/**
 * What has to be left of a thread's stack before a change of several steps begins.
 * <p>
 * A {@link StackOverflowError} can come of any call, also of one between two steps that
 * belong together, such as taking a number from the kernel and giving it to its owner,
 * and of one in a {@code finally} that undoes a step. {@link #require()} therefore goes
 * deeper than the steps will, and comes back, before the first of them: the overflow
 * comes while nothing has changed, or not at all. Statements that call nothing need no
 * reserve.
 * <p>
 * It goes down some 26 KB by recursion. Most of the parameters are passed on the stack,
 * so that a frame takes as much of it compiled as interpreted. This costs a fifth of a
 * microsecond, which is too much for each read and write, and little beside opening,
 * registering and closing.
 */
public final class StackReserve {

	private static final int FRAMES = 32;

	private static final int SOME_FRAMES = 8;

	private static final int FEW_FRAMES = 2;

	private StackReserve() {
	}

	/**
	 * Goes as deep as the steps that follow may need. May be called by any thread.
	 * @throws StackOverflowError if less is left of the stack of the calling thread
	 */
	public static void require() {
		descend(FRAMES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	}

	/**
	 * Goes as deep as it takes to wake a thread by one system call, which is some 6 KB.
	 * It costs a quarter of {@link #require()}. May be called by any thread.
	 * @throws StackOverflowError if less is left of the stack of the calling thread
	 */
	public static void requireSome() {
		descend(SOME_FRAMES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	}

	/**
	 * Goes as deep as undoing one step may need, which is some 2 KB. It costs a tenth of
	 * {@link #require()}, so that what is done all the time can afford it. May be called
	 * by any thread.
	 * @throws StackOverflowError if less is left of the stack of the calling thread
	 */
	public static void requireLittle() {
		descend(FEW_FRAMES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	}

	private static int descend(int frames, long p0, long p1, long p2, long p3, long p4, long p5, long p6, long p7,
			long p8, long p9, long p10, long p11, long p12, long p13, long p14, long p15, long p16, long p17, long p18,
			long p19, long p20, long p21, long p22, long p23, long p24, long p25, long p26, long p27, long p28,
			long p29, long p30, long p31, long p32, long p33, long p34, long p35, long p36, long p37, long p38,
			long p39, long p40, long p41, long p42, long p43, long p44, long p45, long p46, long p47) {
		return (frames > 0) ? 1 + descend(frames - 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : 0;
	}

}
