package dev.mainloop.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;

/**
 * A function of the C library that the JVM itself is linked with, called by jffi, which
 * is the lower layer of jnr-ffi. That needs no classes to be generated when it is loaded.
 * <p>
 * Every argument is passed as a {@code long}, of which a function takes as much as it has
 * declared. A result is an {@code int}, or an address; where it is -1 it becomes the
 * negated {@code errno}, which jffi saves in the call, before the JVM can change it. A
 * call allocates nothing. May be called by any thread.
 */
final class NativeFunction {

	private static final Invoker INVOKER = Invoker.getInstance();

	private static final LastError LAST_ERROR = LastError.getInstance();

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

	int call() {
		return result(INVOKER.invokeN0(this.context, this.address));
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

	/** Calls for an address, which no negated {@code errno} is. */
	long addressFor(long first, long second, long third, long fourth, long fifth, long sixth) {
		long result = INVOKER.invokeN6(this.context, this.address, first, second, third, fourth, fifth, sixth);
		return (result != -1) ? result : -LAST_ERROR.get();
	}

	/** Calls with a number, for a text that ends with a zero byte. */
	String textFor(long first) {
		long text = INVOKER.invokeN1(this.context, this.address, first);
		return new String(MemoryIO.getInstance().getZeroTerminatedByteArray(text), Charset.defaultCharset());
	}

	/**
	 * Returns the texts of a variable that is a list of them, as {@code environ} is.
	 * @param name the name of the variable
	 * @return the bytes of each
	 */
	static List<byte[]> texts(String name) {
		MemoryIO memory = MemoryIO.getInstance();
		List<byte[]> texts = new ArrayList<>();
		long next = memory.getAddress(Library.getDefault().getSymbolAddress(name));
		for (long text = pointer(next); text != 0; text = pointer(next)) {
			texts.add(memory.getZeroTerminatedByteArray(text));
			next += Long.BYTES;
		}
		return texts;
	}

	private static long pointer(long address) {
		return (address != 0) ? MemoryIO.getInstance().getAddress(address) : 0;
	}

	/**
	 * Returns the address of a direct buffer.
	 * @param direct the buffer
	 * @return the address of its first byte
	 */
	static long addressOf(ByteBuffer direct) {
		return MemoryIO.getInstance().getDirectBufferAddress(direct);
	}

	/**
	 * Returns memory at an address as a direct buffer, which does not keep it.
	 * @param address the address of its first byte
	 * @param size its size in bytes
	 * @return the buffer
	 */
	static ByteBuffer bufferAt(long address, int size) {
		return MemoryIO.getInstance().newDirectByteBuffer(address, size).order(ByteOrder.nativeOrder());
	}

	private static int result(long result) {
		return ((int) result != -1) ? (int) result : -LAST_ERROR.get();
	}

}
