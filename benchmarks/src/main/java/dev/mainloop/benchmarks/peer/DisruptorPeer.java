package dev.mainloop.benchmarks.peer;

import com.lmax.disruptor.EventTranslator;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.util.DaemonThreadFactory;

/**
 * The LMAX Disruptor as it is by default: for several senders, with a handler that blocks
 * while there is nothing to do.
 */
final class DisruptorPeer implements Receiver {

	private static final EventTranslator<Integer[]> TRANSLATOR = (event, sequence) -> event[0] = 1;

	private final Disruptor<Integer[]> disruptor = new Disruptor<>(() -> new Integer[1], CAPACITY,
			DaemonThreadFactory.INSTANCE);

	DisruptorPeer(Runnable message) {
		this.disruptor.handleEventsWith((event, sequence, endOfBatch) -> message.run());
		this.disruptor.start();
	}

	@Override
	public boolean offer() {
		return this.disruptor.getRingBuffer().tryPublishEvent(TRANSLATOR);
	}

	@Override
	public void close() {
		this.disruptor.shutdown();
	}

}
