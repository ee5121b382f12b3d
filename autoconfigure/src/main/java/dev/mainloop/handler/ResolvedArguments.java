package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.core.MethodParameter;

/**
 * What a handler method takes of an event, found before the method is called.
 *
 * @param values the arguments, in their order
 */
record ResolvedArguments(Object[] values) {

	/** Finds the arguments, on the loop's thread. */
	static <E> ResolvedArguments of(E event, List<ArgumentResolver<E>> resolvers) {
		Object[] values = new Object[resolvers.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = resolvers.get(i).resolve(event);
		}
		return new ResolvedArguments(values);
	}

	/** Makes what takes the arguments from here. */
	static List<ArgumentResolver<ResolvedArguments>> resolvers(int count) {
		List<ArgumentResolver<ResolvedArguments>> resolvers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			resolvers.add(new Value(i));
		}
		return resolvers;
	}

	/** What an error handler is told. */
	@Override
	public String toString() {
		return Arrays.toString(this.values);
	}

	/**
	 * Takes one of the arguments.
	 *
	 * @param index its index
	 */
	private record Value(int index) implements ArgumentResolver<ResolvedArguments> {

		@Override
		public boolean supports(MethodParameter parameter) {
			return true;
		}

		@Override
		public Object resolve(ResolvedArguments arguments) {
			return arguments.values[this.index];
		}

	}

}
