package dev.mainloop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InboxTests {

	private final Inbox inbox = new Inbox();

	@Test
	void newInboxShouldBeEmpty() {
		assertThat(this.inbox.isEmpty()).isTrue();
		assertThat(this.inbox.takeAll()).isNull();
	}

	@Test
	void takeAllShouldReturnLinksInTheirOrder() {
		Node[] nodes = { new Node(), new Node(), new Node() };
		for (int round = 0; round < 3; round++) {
			for (Node node : nodes) {
				assertThat(this.inbox.add(node)).isTrue();
			}
			assertThat(this.inbox.isEmpty()).isFalse();
			assertThat(release(this.inbox.takeAll())).containsExactly(nodes);
			assertThat(this.inbox.isEmpty()).isTrue();
			assertThat(this.inbox.takeAll()).isNull();
		}
	}

	@Test
	void addAgainShouldDoNothingUntilReleased() {
		Node node = new Node();
		assertThat(this.inbox.add(node)).isTrue();
		assertThat(node.isClaimed()).isTrue();
		assertThat(this.inbox.add(node)).isFalse();
		assertThat(this.inbox.takeAll()).isSameAs(node);
		assertThat(node.next).isNull();
		assertThat(this.inbox.add(node)).isFalse();
		assertThat(this.inbox.isEmpty()).isTrue();
		node.release();
		assertThat(this.inbox.add(node)).isTrue();
		assertThat(this.inbox.takeAll()).isSameAs(node);
	}

	@Test
	void changesByManyThreadsShouldAllBeSeen() throws Exception {
		Node[] nodes = { new Node(), new Node(), new Node() };
		int count = 30_000;
		List<Thread> threads = new ArrayList<>();
		AtomicInteger running = new AtomicInteger(4);
		for (int i = 0; i < 4; i++) {
			int first = i;
			Thread thread = new Thread(() -> {
				for (int change = 0; change < count; change++) {
					Node node = nodes[(first + change) % nodes.length];
					node.asked.incrementAndGet();
					this.inbox.add(node);
				}
				running.decrementAndGet();
			}, "changer");
			thread.start();
			threads.add(thread);
		}
		boolean last;
		do {
			last = running.get() == 0;
			for (Node node : release(this.inbox.takeAll())) {
				node.seen = node.asked.get();
			}
		}
		while (!last);
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
		}
		assertThat(nodes).allSatisfy((node) -> {
			assertThat(node.seen).isEqualTo(node.asked.get());
			assertThat(node.isClaimed()).isFalse();
		});
		assertThat(this.inbox.isEmpty()).isTrue();
	}

	private static List<Node> release(Link first) {
		List<Node> taken = new ArrayList<>();
		Link link = first;
		while (link != null) {
			Link following = link.next;
			link.next = null;
			link.release();
			taken.add((Node) link);
			link = following;
		}
		return taken;
	}

	private static final class Node extends Link {

		private final AtomicInteger asked = new AtomicInteger();

		private int seen;

	}

}
