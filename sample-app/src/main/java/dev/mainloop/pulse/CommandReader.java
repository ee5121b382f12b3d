package dev.mainloop.pulse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the commands of the web, and those of the FIFO. From that it takes what is there
 * and never waits for more: the rest of a line comes with another call.
 */
@EventHandler
class CommandReader {

	private static final Logger logger = LoggerFactory.getLogger(CommandReader.class);

	private static final BurstLog.Kind REFUSED = (lines) -> logger
		.warn("{} more lines of the FIFO 'pulse.commands' were refused", lines);

	private static final int BUFFER_SIZE = 1024;

	private static final int MAX_LINE = 256;

	private final EventQueue<Command> queue;

	private final BurstLog log;

	private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_SIZE);

	private final Framing<String> lines = Framing.lines(MAX_LINE, StandardCharsets.UTF_8, TooLong.CUT);

	CommandReader(EventQueue<Command> queue, BurstLog log) {
		this.queue = queue;
		this.log = log;
	}

	@OnReadable("commands")
	void read(FileDescriptor commands) {
		commands.read(this.bytes.clear());
		this.bytes.flip();
		String line = this.lines.next(this.bytes);
		while (line != null) {
			take(line);
			line = this.lines.next(this.bytes);
		}
	}

	/** Takes all commands of a request, or none where the queue has no room for them. */
	@OnMessage
	void take(CommandsRequest request) {
		List<Command> commands = request.commands();
		boolean room = this.queue.capacity() - this.queue.size() >= commands.size();
		if (room) {
			commands.forEach(this.queue::send);
		}
		request.answer().complete(room);
	}

	private void take(String line) {
		if (line.isBlank()) {
			return;
		}
		try {
			this.queue.send(Command.parse(line));
		}
		catch (IllegalArgumentException | MessageRefusedException ex) {
			this.log.log(REFUSED, () -> logger.warn("The FIFO 'pulse.commands': {}", LogText.of(ex.getMessage())));
		}
	}

}
