package dev.mainloop.benchmarks.peer;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

/**
 * An event loop of Netty on epoll.
 */
final class NettyPeer implements TimerLoop<Future<?>> {

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

	private final EventLoop loop = this.group.next();

	private final Runnable message;

	private final Runnable expired;

	NettyPeer(Runnable message, Runnable expired) {
		this.message = message;
		this.expired = expired;
	}

	@Override
	public boolean offer() {
		this.loop.execute(this.message);
		return true;
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public Future<?> arm(Delay delay) {
		return this.loop.schedule(this.expired, delay.nanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void every(Delay period) {
		this.loop.scheduleAtFixedRate(this.expired, period.nanos(), period.nanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void cancel(Future<?> timer) {
		timer.cancel(false);
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
