package dev.mainloop.metrics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class BlockedHandlerMetersTests {

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private final MainLoop loop = MainLoop.builder().build();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private @Nullable BlockedHandler latest;

	private final BlockedHandlerMeters meters = new BlockedHandlerMeters(MainLoops.of(this.loop), (loop) -> this.latest,
			this.registry, Tags.of("loop", "first"));

	@BeforeEach
	void decorate() throws Exception {
		decorate("orders", "toString");
		decorate("orders", "hashCode");
		decorate("orders", "toString");
	}

	private void decorate(String bean, String name) throws Exception {
		Method method = Object.class.getMethod(name);
		Annotation annotation = Runnable.class.getAnnotation(FunctionalInterface.class);
		HandlerCall<String> call = (event) -> {
		};
		assertThat(this.meters.decorate(call, Placement.OF_MAIN, bean, method, annotation)).isSameAs(call);
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void handlersShouldHaveMetersBeforeTheyBlock() {
		assertBlocked("toString", 0, 0);
		assertBlocked("hashCode", 0, 0);
		assertBlocked("none", 0, 0);
		assertThat(this.registry.getMeters()).hasSize(3).allSatisfy((meter) -> {
			assertThat(meter.getId().getDescription()).isNotEmpty();
			assertThat(meter.getId().getTag("loop")).isEqualTo("first");
		});
	}

	@Test
	void handlerThatBlocksShouldBeCountedOnceAndGrowWithEachLook() {
		tell(blocked("orders.toString", 0, 100));
		assertBlocked("toString", 1, 100);
		this.latest = blocked("orders.toString", 0, 150);
		assertBlocked("toString", 1, 150);
		tell(blocked("orders.toString", 0, 200));
		this.latest = null;
		assertBlocked("toString", 1, 200);
		tell(blocked("orders.toString", 0, 250));
		assertBlocked("toString", 1, 250);
		assertBlocked("hashCode", 0, 0);
	}

	@Test
	void timesShouldBeSummedUp() {
		tell(blocked("orders.toString", 0, 100));
		tell(blocked("orders.toString", 1, 300));
		tell(blocked("orders.hashCode", 2, 500));
		tell(blocked("orders.toString", 3, 100));
		assertBlocked("toString", 3, 500);
		assertBlocked("hashCode", 1, 500);
	}

	/** As a watch that has ended does not tell that a handler has returned. */
	@Test
	void handlerThatWasNotToldToReturnShouldKeepItsTime() {
		this.latest = blocked("orders.toString", 0, 150);
		assertBlocked("toString", 1, 150);
		this.latest = blocked("orders.toString", 1, 100);
		assertBlocked("toString", 2, 250);
	}

	@Test
	void methodsThatBlockWithOneEventShouldShareItsTime() {
		tell(blocked("orders.toString", 0, 100));
		tell(blocked("orders.hashCode", 0, 250));
		assertBlocked("toString", 1, 100);
		assertBlocked("hashCode", 0, 150);
	}

	@Test
	void handlersOfNoBeanShouldShareAMeter() {
		tell(blocked("client 1", 0, 100));
		tell(blocked("client 2", 1, 200));
		assertBlocked("none", 2, 300);
		assertThat(this.registry.getMeters()).hasSize(3);
	}

	@Test
	void handlersOfAnotherLoopShouldNotBeCounted() {
		try (MainLoop other = MainLoop.builder().build()) {
			tell(other, blocked("orders.toString", 0, 100));
		}
		assertBlocked("toString", 0, 0);
	}

	private void tell(BlockedHandler handler) {
		tell(this.loop, handler);
	}

	private void tell(MainLoop loop, BlockedHandler handler) {
		this.meters.onApplicationEvent(new PayloadApplicationEvent<>(this, new BlockedHandlerEvent(loop, handler)));
	}

	private static BlockedHandler blocked(String handler, int since, int millis) {
		return new BlockedHandler(handler, BEGIN.plusSeconds(since), Duration.ofMillis(millis), List.of(), false, null);
	}

	private void assertBlocked(String method, int count, int millis) {
		FunctionTimer timer = this.registry.get("mainloop.blocked").tag("method", method).functionTimer();
		assertThat(timer.count()).isEqualTo(count);
		assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(millis);
	}

}
