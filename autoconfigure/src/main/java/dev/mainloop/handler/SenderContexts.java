package dev.mainloop.handler;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Several contexts of a sender as one.
 *
 * @param contexts the contexts, in the order in which they are opened
 */
record SenderContexts(List<SenderContext> contexts) implements SenderContext {

	/**
	 * Makes one of those that carry anything.
	 * @param all the contexts in their order
	 * @return what carries all that they do, {@code null} if none of them carries
	 * anything
	 */
	static @Nullable SenderContext of(List<SenderContext> all) {
		List<SenderContext> carrying = all.stream().filter((context) -> !context.isNoop()).toList();
		return switch (carrying.size()) {
			case 0 -> null;
			case 1 -> carrying.get(0);
			default -> new SenderContexts(carrying);
		};
	}

	@Override
	public boolean isNoop() {
		return false;
	}

	@Override
	public @Nullable Snapshot capture() {
		Snapshot all = null;
		for (SenderContext context : this.contexts) {
			Snapshot snapshot = context.capture();
			if (snapshot != null) {
				all = (all != null) ? all.and(snapshot) : snapshot;
			}
		}
		return all;
	}

}
