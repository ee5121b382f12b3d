package dev.mainloop.endpoint;

import java.util.List;

import dev.mainloop.QueueSource;

/**
 * Describes what a queue has and has done.
 *
 * @param types what messages its handlers take
 * @param size how many messages wait
 * @param capacity how many messages can wait
 * @param sent how many messages it was sent and did not refuse, with those that were
 * dropped
 * @param handled how many of them its handlers were called with
 * @param dropped how many of them it has dropped, as it was full
 */
public record QueueDescriptor(List<String> types, int size, int capacity, long sent, long handled, long dropped) {

	static QueueDescriptor of(QueueSource<?> queue, List<String> types) {
		return new QueueDescriptor(types, queue.size(), queue.capacity(), queue.sent(), queue.statistics().events(),
				queue.dropped());
	}

}
