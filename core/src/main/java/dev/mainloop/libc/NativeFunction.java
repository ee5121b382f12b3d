package dev.mainloop.libc;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.ObjectParameterInfo;
import com.kenai.jffi.ObjectParameterStrategy;
import com.kenai.jffi.Type;

/**
 * A function of the C library that the JVM itself is linked with, called by jffi, which
 * is the lower layer of jnr-ffi. That needs no classes to be generated when it is loaded.
 * <p>
 * Every argument is passed as a {@code long}, of which a function takes as much as it has
 * declared. A result is an {@code int}; where it is -1 it becomes the negated
 * {@code errno}, which jffi saves in the call, before the JVM can change it. A call
 * allocates nothing, unless it takes a path. May be called by any thread.
 */
final class NativeFunction {

	private static final Charset PATH_CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

	private static final Invoker INVOKER = Invoker.getInstance();

	private static final LastError LAST_ERROR = LastError.getInstance();

	private static final ObjectParameterStrategy<ByteBuffer> ARRAY = new ArrayStrategy();

	private static final ObjectParameterInfo PATH = arrayAt(0, ObjectParameterInfo.IN);

	private static final ObjectParameterInfo SOURCE = arrayAt(1, ObjectParameterInfo.IN);

	/**
	 * Copies an array in, too, as what is copied out is all of it and not only what the
	 * function has written.
	 */
	private static final ObjectParameterInfo TARGET = arrayAt(1, ObjectParameterInfo.IN | ObjectParameterInfo.OUT);

	private final CallContext context;

	private final long address;

	/**
	 * Finds a function.
	 * @param name its name
	 * @param parameters how many parameters it takes
	 * @throws UnsatisfiedLinkError if the C library does not have it
	 */
	NativeFunction(String name, int parameters) {
		Type[] types = new Type[parameters];
		Arrays.fill(types, Type.SINT64);
		this.context = CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
		this.address = Library.getDefault().getSymbolAddress(name);
		if (this.address == 0) {
			throw new UnsatisfiedLinkError("the C library has no function " + name);
		}
	}

	private static ObjectParameterInfo arrayAt(int index, int flags) {
		return ObjectParameterInfo.create(index, ObjectParameterInfo.ARRAY, ObjectParameterInfo.BYTE, flags);
	}

	int call(long first) {
		return result(INVOKER.invokeN1(this.context, this.address, first));
	}

	int call(long first, long second) {
		return result(INVOKER.invokeN2(this.context, this.address, first, second));
	}

	int call(long first, long second, long third) {
		return result(INVOKER.invokeN3(this.context, this.address, first, second, third));
	}

	int call(long first, long second, long third, long fourth) {
		return result(INVOKER.invokeN4(this.context, this.address, first, second, third, fourth));
	}

	int call(long first, long second, long third, long fourth, long fifth) {
		return result(INVOKER.invokeN5(this.context, this.address, first, second, third, fourth, fifth));
	}

	int call(long first, long second, long third, long fourth, long fifth, long sixth) {
		return result(INVOKER.invokeN6(this.context, this.address, first, second, third, fourth, fifth, sixth));
	}

	/** Calls with a path, and a number. */
	int callWithPath(String path, long second) {
		return result(INVOKER.invokeN2O1(this.context, this.address, 0, second, bytes(path), ARRAY, PATH));
	}

	/** Calls with a path, and two numbers. */
	int callWithPath(String path, long second, long third) {
		return result(INVOKER.invokeN3O1(this.context, this.address, 0, second, third, bytes(path), ARRAY, PATH));
	}

	/**
	 * Calls with a number, the address of what lies between position and limit of a
	 * direct buffer, and its size.
	 */
	int callWithDirect(long first, ByteBuffer buffer) {
		long start = addressOf(buffer) + buffer.position();
		return call(first, start, buffer.remaining());
	}

	/** As {@link #callWithDirect}, with a copy of an array that is only read. */
	int callWithSource(long first, ByteBuffer buffer) {
		return callWithArray(first, buffer, SOURCE);
	}

	/** As {@link #callWithDirect}, with a copy of an array that is written back. */
	int callWithTarget(long first, ByteBuffer buffer) {
		return callWithArray(first, buffer, TARGET);
	}

	private int callWithArray(long first, ByteBuffer buffer, ObjectParameterInfo info) {
		return result(
				INVOKER.invokeN3O1(this.context, this.address, first, 0, buffer.remaining(), buffer, ARRAY, info));
	}

	/** Calls with a number, for a text that ends with a zero byte. */
	String textFor(long first) {
		long text = INVOKER.invokeN1(this.context, this.address, first);
		return new String(MemoryIO.getInstance().getZeroTerminatedByteArray(text), Charset.defaultCharset());
	}

	/**
	 * Returns the address of a direct buffer.
	 * @param direct the buffer
	 * @return the address of its first byte
	 */
	static long addressOf(ByteBuffer direct) {
		return MemoryIO.getInstance().getDirectBufferAddress(direct);
	}

	private static int result(long result) {
		return ((int) result != -1) ? (int) result : -LAST_ERROR.get();
	}

	private static ByteBuffer bytes(String path) {
		byte[] bytes = path.getBytes(PATH_CHARSET);
		return ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
	}

	/** The array of a heap buffer, between its position and limit. */
	private static final class ArrayStrategy extends ObjectParameterStrategy<ByteBuffer> {

		ArrayStrategy() {
			super(false);
		}

		@Override
		public long address(ByteBuffer buffer) {
			return 0;
		}

		@Override
		public Object object(ByteBuffer buffer) {
			return buffer.array();
		}

		@Override
		public int offset(ByteBuffer buffer) {
			return buffer.arrayOffset() + buffer.position();
		}

		@Override
		public int length(ByteBuffer buffer) {
			return buffer.remaining();
		}

	}

}
