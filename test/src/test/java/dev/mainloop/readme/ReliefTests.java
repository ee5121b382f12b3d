package dev.mainloop.readme;

import java.time.Duration;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnPressure;
import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the page about pressure.
 */
@SpringJUnitConfig
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension.class)
class ReliefTests {

	@Test
	void cachesShouldBeEmptied(@Autowired TestMainLoop loop, @Autowired CacheManager caches, CapturedOutput output) {
		caches.getCache("any").put("key", "value");
		loop.pressure(PressureResource.MEMORY, new Pressure(new Pressure.Share(12, 3, 1, Duration.ofSeconds(5)), null));
		assertThat(caches.getCache("any").get("key")).isNull();
		assertThat(output).contains("Tasks waited for memory 12.0 % of the last 10 s");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		CacheManager caches() {
			return new ConcurrentMapCacheManager("any");
		}

		@Bean
		Object relief(CacheManager caches) {
			@EventHandler
			class Relief {

				private static final Logger logger = LoggerFactory.getLogger(Relief.class);

				private final CacheManager caches;

				Relief(CacheManager caches) {
					this.caches = caches;
				}

				@OnPressure(resource = PressureResource.MEMORY, stall = "100ms", window = "2s")
				void relieve(Pressure memory) {
					logger.warn("Tasks waited for memory {} % of the last 10 s", memory.some().avg10());
					this.caches.resetCaches();
				}

			}
			return new Relief(caches);
		}

	}

}
