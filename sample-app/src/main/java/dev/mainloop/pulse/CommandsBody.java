package dev.mainloop.pulse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads the bodies of requests with commands. A body takes a thread of the server while
 * it comes, and memory: both have a bound, so that large or slow ones hold up nobody who
 * asks for something else, and other commands are refused at once while too many come.
 */
@Component
class CommandsBody {

	private static final int MAX_BYTES = 16 * 1024;

	/** Some more is read, as clients read the answer once they have sent all. */
	private static final int MAX_READ = 1024 * 1024;

	private static final int AT_ONCE = 16;

	private static final Duration LONGEST = Duration.ofSeconds(5);

	private final Semaphore free = new Semaphore(AT_ONCE);

	/**
	 * Reads a body.
	 * @param request the request
	 * @return its bytes
	 * @throws IOException if it cannot be read
	 * @throws ResponseStatusException if it is too large, too slow, or one of too many
	 */
	byte[] read(HttpServletRequest request) throws IOException {
		if (request.getContentLengthLong() > MAX_READ) {
			throw tooLarge();
		}
		if (!this.free.tryAcquire()) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many commands come at once");
		}
		try {
			return readInTime(request.getInputStream());
		}
		finally {
			this.free.release();
		}
	}

	private byte[] readInTime(InputStream body) throws IOException {
		long start = System.nanoTime();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		int read = 0;
		for (int count = 0; count >= 0 && read < MAX_READ; count = body.read(buffer)) {
			bytes.write(buffer, 0, (read <= MAX_BYTES) ? count : 0);
			read += count;
			if (System.nanoTime() - start > LONGEST.toNanos()) {
				throw new ResponseStatusException(HttpStatus.REQUEST_TIMEOUT,
						"The commands took longer than %d s".formatted(LONGEST.toSeconds()));
			}
		}
		if (read > MAX_BYTES) {
			throw tooLarge();
		}
		return bytes.toByteArray();
	}

	private static ResponseStatusException tooLarge() {
		return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
				"The commands have more than %d bytes".formatted(MAX_BYTES));
	}

}
