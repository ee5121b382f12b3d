package dev.mainloop.pulse;

/**
 * What a user tells pulse to do, in a line of text. The commands share one queue, and
 * each goes to the handler of its own type.
 */
sealed interface Command {

	/**
	 * Reads a line.
	 * @param line the line
	 * @return the command
	 * @throws IllegalArgumentException if it is none; the message quotes it and tells why
	 */
	static Command parse(String line) {
		String[] words = line.strip().split("\\s+");
		try {
			if (words.length == 3 && words[0].equals("threshold")) {
				Metric metric = Metric.named(words[1]);
				return new SetThreshold(metric, metric.parseThreshold(words[2]));
			}
			if (words.length == 1 && words[0].equals("snapshot")) {
				return new TakeSnapshot();
			}
			if (words.length == 1 && words[0].equals("block")) {
				return new Block();
			}
			throw new IllegalArgumentException("it is not like 'threshold cpu 80', 'snapshot' or 'block'");
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Bad command '%s': %s".formatted(line, ex.getMessage()), ex);
		}
	}

	/**
	 * Sets a threshold, until the next one is set or the thresholds are reloaded.
	 *
	 * @param metric the metric
	 * @param threshold its threshold
	 */
	record SetThreshold(Metric metric, double threshold) implements Command {

	}

	/**
	 * Writes the samples to the snapshot file.
	 */
	record TakeSnapshot() implements Command {

	}

	/**
	 * Blocks the main loop for a second, to show what comes of it.
	 */
	record Block() implements Command {

	}

}
