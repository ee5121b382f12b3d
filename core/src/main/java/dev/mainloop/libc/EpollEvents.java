package dev.mainloop.libc;

/**
 * An array of {@code struct epoll_event}, see {@code epoll_ctl(2)}. Not thread-safe.
 */
public final class EpollEvents {

	private final NativeMemory memory;

	private final Layout layout;

	private final int capacity;

	/**
	 * Allocates an array in the layout of this machine.
	 * @param capacity its length
	 */
	public EpollEvents(int capacity) {
		this(capacity, Layout.ofMachine(System.getProperty("os.arch")));
	}

	EpollEvents(int capacity, Layout layout) {
		this.memory = new NativeMemory(capacity * layout.size);
		this.layout = layout;
		this.capacity = capacity;
	}

	/**
	 * Returns the address of the first element.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Returns the length of the array.
	 * @return the number of elements
	 */
	public int capacity() {
		return this.capacity;
	}

	/**
	 * Returns the events of an element.
	 * @param index its index
	 * @return the {@code EPOLL…} bits
	 */
	public int events(int index) {
		return this.memory.getInt(index * this.layout.size);
	}

	/**
	 * Returns the user data of an element.
	 * @param index its index
	 * @return the data given when the file descriptor was registered
	 */
	public long data(int index) {
		return this.memory.getLong(index * this.layout.size + this.layout.data);
	}

	/**
	 * Sets an element.
	 * @param index its index
	 * @param events the {@code EPOLL…} bits
	 * @param data the user data
	 */
	public void set(int index, int events, long data) {
		this.memory.putInt(index * this.layout.size, events);
		this.memory.putLong(index * this.layout.size + this.layout.data, data);
	}

	/** The two layouts: x86-64 packs the struct, so that 32-bit programs share it. */
	enum Layout {

		PACKED(12, 4), ALIGNED(16, 8);

		final int size;

		final int data;

		Layout(int size, int data) {
			this.size = size;
			this.data = data;
		}

		static Layout ofMachine(String architecture) {
			return switch (architecture) {
				case "amd64", "x86_64" -> PACKED;
				default -> ALIGNED;
			};
		}

	}

}
