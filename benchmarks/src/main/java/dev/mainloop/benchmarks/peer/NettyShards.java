package dev.mainloop.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

/**
 * A group of event loops of Netty on epoll, of which the key chooses one by hand.
 */
final class NettyShards implements Shards {

	private final EventLoopGroup group;

	private final List<LoopShard> shards = new ArrayList<>();

	NettyShards(int threads, Orders orders) {
		this.group = new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
		for (int i = 0; i < threads; i++) {
			this.shards.add(new LoopShard(this.group.next(), new Shard(orders)));
		}
	}

	@Override
	public void send(Order order) {
		LoopShard shard = this.shards.get(order.index(this.shards.size()));
		shard.loop().execute(() -> shard.shard().take(order));
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private record LoopShard(EventLoop loop, Shard shard) {

	}

}
