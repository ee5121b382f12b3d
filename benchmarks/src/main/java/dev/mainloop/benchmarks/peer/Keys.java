package dev.mainloop.benchmarks.peer;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * How often each key occurs.
 */
public enum Keys {

	/** One as often as another. */
	UNIFORM {

		@Override
		double weight(int rank) {
			return 1;
		}

	},

	/** By the law of Zipf: the second half as often as the first, the third a third. */
	ZIPF {

		@Override
		double weight(int rank) {
			return 1.0 / rank;
		}

	};

	private static final int COUNT = 4096;

	abstract double weight(int rank);

	/** Makes orders, the same each time. */
	Order[] orders(int count) {
		Random random = new Random(1);
		double[] sums = new double[COUNT + 1];
		for (int rank = 1; rank <= COUNT; rank++) {
			sums[rank] = sums[rank - 1] + weight(rank);
		}
		String[] customers = IntStream.rangeClosed(1, COUNT)
			.mapToObj((rank) -> "customer " + rank)
			.toArray(String[]::new);
		Order[] orders = new Order[count];
		for (int i = 0; i < count; i++) {
			orders[i] = new Order(customers[find(sums, random.nextDouble() * sums[COUNT])], i);
		}
		return orders;
	}

	/** Returns the index of the greatest sum that is not above a value. */
	private static int find(double[] sums, double value) {
		int from = 0;
		int to = COUNT;
		while (to - from > 1) {
			int middle = (from + to) >>> 1;
			if (sums[middle] <= value) {
				from = middle;
			}
			else {
				to = middle;
			}
		}
		return from;
	}

}
