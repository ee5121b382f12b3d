package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Sends what happens to the pages that are open, as server-sent events. Whoever has
 * something leaves it here and does not wait: a thread of the feed makes the frames and
 * gives them to the connections, of which none keeps it waiting, either.
 * <p>
 * It stops before the web server, which would wait for the connections.
 */
@Component
class PageFeed implements SmartLifecycle, DisposableBean {

	/** Has a browser that was cut off come again soon. */
	private static final byte[] HELLO = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

	private static final int MOST_WAITING = 256;

	private static final int MOST_KEPT = 32;

	private final int maxPages;

	private final JsonMapper jsonMapper;

	private final AtomicLong dropped = new AtomicLong();

	private final ThreadPoolExecutor sender = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new ArrayBlockingQueue<>(MOST_WAITING), new CustomizableThreadFactory("pulse-page-"), this::dropOldest);

	private final Set<PageConnection> pages = new LinkedHashSet<>();

	/** What a page that opens later is to know, the oldest first. */
	private final Deque<Frame> kept = new ArrayDeque<>();

	/**
	 * The number of the last frame. Those after a restart are larger, as there is less
	 * than one a millisecond.
	 */
	private long last = System.currentTimeMillis();

	private volatile int open;

	private volatile boolean running;

	PageFeed(PulseProperties properties, JsonMapper jsonMapper) {
		this.maxPages = properties.maxPages();
		this.jsonMapper = jsonMapper;
	}

	/** Returns how many pages are open. */
	int open() {
		return this.open;
	}

	/** Returns how many frames were dropped, as some page did not take them. */
	long dropped() {
		return this.dropped.get();
	}

	/** Sends something to the pages that are open, without waiting for any. */
	void publish(String event, Object data) {
		if (this.open > 0) {
			this.sender.execute(() -> send(event, data, false));
		}
	}

	/** Sends something that pages which open later are to know, too. */
	void publishAndKeep(String event, Object data) {
		this.sender.execute(() -> send(event, data, true));
	}

	private void dropOldest(Runnable task, ThreadPoolExecutor sender) {
		if (!sender.isShutdown()) {
			if (sender.getQueue().poll() != null) {
				this.dropped.incrementAndGet();
			}
			sender.execute(task);
		}
	}

	private synchronized void send(String event, Object data, boolean keep) {
		Frame frame = new Frame(++this.last,
				"id: %d\nevent: %s\ndata: %s\n\n".formatted(this.last, event, this.jsonMapper.writeValueAsString(data))
					.getBytes(StandardCharsets.UTF_8));
		if (keep) {
			this.kept.addLast(frame);
			if (this.kept.size() > MOST_KEPT) {
				this.kept.removeFirst();
			}
		}
		for (PageConnection page : this.pages) {
			if (page.send(frame.bytes())) {
				this.dropped.incrementAndGet();
			}
		}
	}

	/**
	 * Makes a request the connection of a page.
	 * @param request the request
	 * @param response its response
	 * @param lastSeen the number of the last frame that the page has seen
	 * @return {@code false} if as many pages are open as may be
	 * @throws IOException if the response has no output
	 */
	boolean connect(HttpServletRequest request, HttpServletResponse response, long lastSeen) throws IOException {
		PageConnection page = new PageConnection(response.getOutputStream(), this::leave);
		if (!join(page, lastSeen)) {
			return false;
		}
		boolean begun = false;
		try {
			response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			response.setCharacterEncoding(StandardCharsets.UTF_8);
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
			page.begin(request.startAsync());
			begun = true;
		}
		finally {
			if (!begun) {
				leave(page);
			}
		}
		return true;
	}

	private synchronized boolean join(PageConnection page, long lastSeen) {
		if (!this.running || this.pages.size() == this.maxPages) {
			return false;
		}
		this.pages.add(page);
		this.open = this.pages.size();
		page.send(HELLO);
		this.kept.stream().filter((frame) -> frame.id() > lastSeen).map(Frame::bytes).forEach(page::send);
		return true;
	}

	private synchronized void leave(PageConnection page) {
		this.pages.remove(page);
		this.open = this.pages.size();
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		List<PageConnection> ending;
		synchronized (this) {
			this.running = false;
			ending = List.copyOf(this.pages);
		}
		ending.forEach(PageConnection::close);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void destroy() {
		this.sender.shutdownNow();
	}

	private record Frame(long id, byte[] bytes) {

	}

}
