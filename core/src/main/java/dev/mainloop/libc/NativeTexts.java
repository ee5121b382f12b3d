package dev.mainloop.libc;

import java.util.List;

/**
 * Texts in memory, each with a zero byte at its end, and the lists of their addresses.
 */
final class NativeTexts {

	private final NativeMemory memory;

	private int end;

	/**
	 * Creates texts.
	 * @param memory memory with room for them
	 * @param offset where they begin, a multiple of eight
	 */
	NativeTexts(NativeMemory memory, int offset) {
		this.memory = memory;
		this.end = offset;
	}

	/** Returns how much room texts need at most, with the list of them. */
	static int size(List<byte[]> texts) {
		int size = (texts.size() + 1) * Long.BYTES;
		for (byte[] text : texts) {
			size = Math.addExact(size, text.length + Long.BYTES);
		}
		return size;
	}

	/** Puts a text, and returns its address. */
	long put(byte[] text) {
		int offset = this.end;
		this.memory.buffer().put(offset, text).put(offset + text.length, (byte) 0);
		this.end = (offset + text.length + Long.BYTES) & -Long.BYTES;
		return this.memory.address() + offset;
	}

	/** Puts texts, and returns the address of the list of them. */
	long put(List<byte[]> texts) {
		int list = this.end;
		this.end += (texts.size() + 1) * Long.BYTES;
		for (int i = 0; i < texts.size(); i++) {
			this.memory.putLong(list + i * Long.BYTES, put(texts.get(i)));
		}
		this.memory.putLong(list + texts.size() * Long.BYTES, 0);
		return this.memory.address() + list;
	}

}
