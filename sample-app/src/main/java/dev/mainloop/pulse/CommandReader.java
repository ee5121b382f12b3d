package dev.mainloop.pulse;

import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.line.TooLong;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the commands of the web, and those of the FIFO.
 */
@EventHandler
class CommandReader {

	private static final Logger logger = LoggerFactory.getLogger(CommandReader.class);

	private static final BurstLog.Kind REFUSED = (lines) -> logger
		.warn("{} more lines of the FIFO 'pulse.commands' were refused", lines);

	private final EventQueue<Command> queue;

	private final BurstLog log;

	CommandReader(EventQueue<Command> queue, BurstLog log) {
		this.queue = queue;
		this.log = log;
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

	@OnLine(value = "commands", maxBytes = "256", tooLong = TooLong.CUT)
	void read(String line) {
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
