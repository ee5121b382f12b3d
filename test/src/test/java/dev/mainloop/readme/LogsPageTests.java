package dev.mainloop.readme;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.log.LogKeys;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the page on logs to the keys that lines have.
 */
class LogsPageTests {

	private static final Path PAGE = Path.of("..", "docs", "logs.md");

	@Test
	void tableShouldHaveTheKeys() throws IOException, IllegalAccessException {
		List<String> keys = new ArrayList<>();
		for (Field field : LogKeys.class.getFields()) {
			keys.add("`%s`".formatted(field.get(null)));
		}
		assertThat(Files.readAllLines(PAGE)
			.stream()
			.filter((line) -> line.startsWith("| `mainloop."))
			.map((line) -> line.split(" ")[1])).containsExactlyElementsOf(keys);
	}

}
