package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.ThreadContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SenderContextsTests {

	private final List<String> calls = new ArrayList<>();

	@Test
	void contextsThatCarryNothingShouldBeLeftOut() {
		Noting carrying = new Noting("a", "");
		SenderContext noop = new Noting("noop", "noop");
		assertThat(SenderContexts.of(List.of())).isNull();
		assertThat(SenderContexts.of(List.of(noop))).isNull();
		assertThat(SenderContexts.of(List.of(noop, carrying))).isSameAs(carrying);
	}

	@Test
	void contextsShouldBeOpenedInTheirOrderAndClosedInReverse() {
		SenderContext.Snapshot snapshot = capture(new Noting("a", ""), new Noting("none", "none"), new Noting("b", ""),
				new Noting("c", ""));
		for (int i = 0; i < 2; i++) {
			this.calls.clear();
			snapshot.open().close();
			assertThat(this.calls).containsExactly("open a", "open b", "open c", "close c", "close b", "close a");
		}
	}

	@Test
	void messageWithoutContextsShouldCarryNothing() {
		SenderContext contexts = SenderContexts.of(List.of(new Noting("a", "none"), new Noting("b", "none")));
		assertThat(contexts).isNotNull();
		assertThat(contexts.capture()).isNull();
	}

	@Test
	void contextsBeforeOneThatCannotBeOpenedShouldBeClosed() {
		SenderContext.Snapshot snapshot = capture(new Noting("a", ""), new Noting("b", "close"),
				new Noting("c", "open"), new Noting("d", ""));
		assertThatIllegalStateException().isThrownBy(snapshot::open)
			.withMessage("open c")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies((suppressed) -> assertThat(suppressed).hasMessage("close b")));
		assertThat(this.calls).containsExactly("open a", "open b", "open c", "close b", "close a");
	}

	@Test
	void allContextsShouldBeClosedIfSomeCannot() {
		ThreadContext.Scope scope = capture(new Noting("a", "close"), new Noting("b", ""), new Noting("c", "close"))
			.open();
		assertThatIllegalStateException().isThrownBy(scope::close)
			.withMessage("close c")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies((suppressed) -> assertThat(suppressed).hasMessage("close a")));
		assertThat(this.calls).endsWith("close c", "close b", "close a");
	}

	private static SenderContext.Snapshot capture(SenderContext... contexts) {
		OutgoingMessages outgoing = new OutgoingMessages();
		outgoing.carry(List.of(contexts));
		SenderContext.Snapshot snapshot = outgoing.capture();
		assertThat(snapshot).isNotNull();
		return snapshot;
	}

	/** Notes its calls, and fails or has nothing as it is told. */
	private final class Noting implements SenderContext {

		private final String name;

		private final String lack;

		Noting(String name, String lack) {
			this.name = name;
			this.lack = lack;
		}

		@Override
		public boolean isNoop() {
			return this.lack.equals("noop");
		}

		@Override
		public @Nullable Snapshot capture() {
			return this.lack.equals("none") ? null : () -> {
				call("open");
				return () -> call("close");
			};
		}

		private void call(String verb) {
			String call = verb + " " + this.name;
			SenderContextsTests.this.calls.add(call);
			if (this.lack.equals(verb)) {
				throw new IllegalStateException(call);
			}
		}

	}

}
