package dev.mainloop.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.mainloop.ThreadContext;
import dev.mainloop.handler.SenderContext;
import io.micrometer.context.ContextRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

class ContextPropagationTests {

	private final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

	private final ContextRegistry registry = new ContextRegistry();

	private final ContextPropagation propagation = new ContextPropagation(this.registry, Set.of("left"));

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void nothingShouldBeCapturedWhereThereIsNothing() {
		this.registry.registerThreadLocalAccessor("tenant", this.tenant::get, this.tenant::set, this.tenant::remove);
		this.registry.registerThreadLocalAccessor("left", () -> "to others", (value) -> {
		}, () -> {
		});
		assertThat(this.propagation.capture()).isNull();
		MDC.put("user", "ada");
		MDC.remove("user");
		assertThat(MDC.getCopyOfContextMap()).isNotNull();
		assertThat(this.propagation.capture()).isNull();
		assertThat(this.propagation.isNoop()).isFalse();
	}

	@Test
	void threadShouldHaveItsOwnContextAgainAfterwards() {
		this.registry.registerThreadLocalAccessor("tenant", this.tenant::get, this.tenant::set, this.tenant::remove);
		MDC.put("user", "ada");
		this.tenant.set("north");
		SenderContext.Snapshot snapshot = capture();
		MDC.put("user", "bob");
		this.tenant.set("south");
		try (ThreadContext.Scope scope = snapshot.open()) {
			assertThat(scope).isNotNull();
			assertThat(MDC.get("user")).isEqualTo("ada");
			assertThat(this.tenant.get()).isEqualTo("north");
			MDC.put("more", "of the handler");
		}
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("user", "bob"));
		assertThat(this.tenant.get()).isEqualTo("south");
	}

	@Test
	void mdcShouldBeOpenedFirst() {
		List<String> users = new ArrayList<>();
		this.registry.registerThreadLocalAccessor("trace", () -> "1", (trace) -> {
			users.add(String.valueOf(MDC.get("user")));
			MDC.put("trace", trace);
		}, () -> {
		});
		MDC.put("user", "ada");
		SenderContext.Snapshot snapshot = capture();
		MDC.clear();
		try (ThreadContext.Scope scope = snapshot.open()) {
			assertThat(scope).isNotNull();
			assertThat(users).containsExactly("ada");
			assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("user", "ada", "trace", "1"));
		}
		assertThat(MDC.get("user")).isNull();
	}

	@Test
	void snapshotShouldBeOpenedBySeveralThreadsAtOnce() throws Exception {
		this.registry.registerThreadLocalAccessor("tenant", this.tenant::get, this.tenant::set, this.tenant::remove);
		MDC.put("user", "ada");
		this.tenant.set("north");
		SenderContext.Snapshot snapshot = capture();
		CyclicBarrier opened = new CyclicBarrier(2);
		Callable<List<@Nullable String>> opening = () -> {
			List<@Nullable String> seen = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				try (ThreadContext.Scope scope = snapshot.open()) {
					assertThat(scope).isNotNull();
					opened.await();
					seen.addAll(List.of(MDC.get("user"), String.valueOf(this.tenant.get())));
					MDC.put("user", Thread.currentThread().getName());
					opened.await();
				}
				seen.add(MDC.get("user"));
				seen.add(this.tenant.get());
			}
			return seen;
		};
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (Future<List<@Nullable String>> seen : threads.invokeAll(List.of(opening, opening))) {
				assertThat(seen.get()).containsExactly("ada", "north", null, null, "ada", "north", null, null);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private SenderContext.Snapshot capture() {
		SenderContext.Snapshot snapshot = this.propagation.capture();
		assertThat(snapshot).isNotNull();
		return snapshot;
	}

}
