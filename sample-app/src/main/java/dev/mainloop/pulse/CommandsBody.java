package dev.mainloop.pulse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * The body of a request with commands. No thread waits for it: the server calls when some
 * of it has come, so that a slow one holds nobody up. Its size and its time have a bound,
 * as has the number of connections.
 */
final class CommandsBody implements ReadListener, DeferredResultProcessingInterceptor {

	private static final int MAX_BYTES = 16 * 1024;

	/** Some more is read, as clients read the answer once they have sent all. */
	private static final int MAX_READ = 1024 * 1024;

	/**
	 * The server tells that it is over up to a second late, and ends a silent connection
	 * after 5.
	 */
	private static final Duration LONGEST = Duration.ofSeconds(3);

	private final ServletInputStream input;

	private final CompletableFuture<byte[]> result = new CompletableFuture<>();

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private int read;

	private CommandsBody(ServletInputStream input) {
		this.input = input;
	}

	/**
	 * Reads the body of a request, once the controller has returned the result or what
	 * depends on it.
	 * @param request the request
	 * @return completed with the bytes, or with a {@link ResponseStatusException} if
	 * there are too many or they are too slow
	 * @throws IOException if it cannot be read
	 */
	static CompletableFuture<byte[]> read(HttpServletRequest request) throws IOException {
		if (request.getContentLengthLong() > MAX_READ) {
			throw tooLarge();
		}
		CommandsBody body = new CommandsBody(request.getInputStream());
		WebAsyncUtils.getAsyncManager(request).registerDeferredResultInterceptor(body, body);
		return body.result;
	}

	@Override
	public <T> void beforeConcurrentHandling(NativeWebRequest request, DeferredResult<T> answer) {
		((AsyncWebRequest) request).setTimeout(LONGEST.toMillis());
	}

	/** Begins, now that the request is asynchronous. */
	@Override
	public <T> void preProcess(NativeWebRequest request, DeferredResult<T> answer) {
		this.input.setReadListener(this);
	}

	@Override
	public <T> boolean handleTimeout(NativeWebRequest request, DeferredResult<T> answer) {
		this.result.completeExceptionally(new ResponseStatusException(HttpStatus.REQUEST_TIMEOUT,
				"The commands took longer than %d s".formatted(LONGEST.toSeconds())));
		return true;
	}

	@Override
	public void onDataAvailable() {
		try {
			readAvailable();
		}
		catch (IOException ex) {
			this.result.completeExceptionally(new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"The commands cannot be read, or are not what the header says", ex));
		}
	}

	private void readAvailable() throws IOException {
		byte[] buffer = new byte[8192];
		while (!this.result.isDone() && this.input.isReady()) {
			int count = Math.max(this.input.read(buffer), 0);
			this.bytes.write(buffer, 0, (this.read <= MAX_BYTES) ? count : 0);
			this.read += count;
			if (this.read > MAX_READ) {
				this.result.completeExceptionally(tooLarge());
			}
		}
	}

	@Override
	public void onAllDataRead() {
		if (this.read > MAX_BYTES) {
			this.result.completeExceptionally(tooLarge());
		}
		this.result.complete(this.bytes.toByteArray());
	}

	@Override
	public void onError(Throwable thrown) {
		this.result.completeExceptionally(thrown);
	}

	private static ResponseStatusException tooLarge() {
		return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
				"The commands have more than %d bytes".formatted(MAX_BYTES));
	}

}
