package dev.mainloop;

import java.util.Arrays;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * A file descriptor in the multiplexer, and the event sources that share it: a
 * multiplexer takes each file descriptor once. Changes under the lock of
 * {@link Descriptors}; the loop reads without it.
 */
final class Registration {

	private static final int ALWAYS = Readiness.ERROR | Readiness.HANG_UP;

	private final FileDescriptor fd;

	private final long token;

	private volatile DescriptorSource[] sources;

	Registration(long token, DescriptorSource source) {
		this.fd = source.fd();
		this.token = token;
		this.sources = new DescriptorSource[] { source };
	}

	FileDescriptor fd() {
		return this.fd;
	}

	long token() {
		return this.token;
	}

	Trigger trigger() {
		return this.sources[0].trigger();
	}

	int interest() {
		int interest = 0;
		for (DescriptorSource source : this.sources) {
			interest |= source.interest();
		}
		return interest;
	}

	boolean isOwn() {
		return this.sources[0].isOwn();
	}

	boolean has(DescriptorSource source) {
		return Arrays.asList(this.sources).contains(source);
	}

	boolean isEmpty() {
		return this.sources.length == 0;
	}

	void add(DescriptorSource source) {
		if (source.trigger() != Trigger.LEVEL || trigger() != Trigger.LEVEL) {
			throw new IllegalStateException("%s is watched already by '%s': only level-triggered sources share one"
				.formatted(this.fd, this.sources[0]));
		}
		DescriptorSource[] all = Arrays.copyOf(this.sources, this.sources.length + 1);
		all[all.length - 1] = source;
		this.sources = all;
	}

	void remove(DescriptorSource source) {
		this.sources = Arrays.stream(this.sources).filter((other) -> other != source).toArray(DescriptorSource[]::new);
	}

	/** Closes all sources. */
	void close() {
		for (DescriptorSource source : this.sources) {
			source.close();
		}
	}

	/** Calls the handlers that wait for what is ready, on the loop's thread. */
	void dispatch(int readiness) {
		for (DescriptorSource source : this.sources) {
			int relevant = readiness & (source.interest() | ALWAYS);
			if (relevant != 0 && source.isEnabled()) {
				source.dispatch(relevant);
			}
		}
	}

}
