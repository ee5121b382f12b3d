package dev.mainloop.pulse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.awaitility.Awaitility.await;

/**
 * Takes the pictures of the page that the documentation shows, of five minutes of this
 * machine. Its name is none of a test, as it only runs when {@code sample-app/screenshot}
 * asks for it.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Tag("browser")
class Screenshots {

	private static final Path PICTURES = Path.of("..", "docs", "images");

	/** As many samples as the charts have room for, but for some that came late. */
	private static final int SAMPLES = 290;

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		PulseFiles.register(registry, () -> directory.resolve("private"));
	}

	@Test
	void takeThem(@TempDir Path profile) throws Exception {
		try (Chromium browser = new Chromium(profile)) {
			browser.resize(1200, 800, false);
			browser.open("http://127.0.0.1:" + this.port + "/");
			await().atMost(Duration.ofMinutes(10)).until(() -> samples(browser) >= SAMPLES);
			browser.evaluate("document.querySelector('[data-command=block]').click()");
			Shell.run("kill -HUP $1", ProcessHandle.current().pid());
			await().atMost(Duration.ofMinutes(1))
				.until(() -> browser.text("#alerts").contains("has blocked") && !browser.text("#signals").isEmpty());
			take(browser, "light");
			take(browser, "dark");
		}
	}

	private static int samples(Chromium browser) {
		return browser.evaluate("document.querySelector('#busy path').getAttribute('d')?.match(/L/g)?.length ?? 0")
			.asInt();
	}

	/** Writes the picture anew, as the browser has not made it as small as it can be. */
	private static void take(Chromium browser, String colors) throws IOException {
		browser.prefer(colors);
		ImageIO.write(ImageIO.read(new ByteArrayInputStream(browser.screenshot())), "png",
				PICTURES.resolve("pulse-" + colors + ".png").toFile());
	}

}
