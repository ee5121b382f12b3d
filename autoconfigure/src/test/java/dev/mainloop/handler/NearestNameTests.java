package dev.mainloop.handler;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class NearestNameTests {

	@ParameterizedTest
	@CsvSource({ "oders, orders", "odrers, orders", "orderss, orders", "prders, orders", "ORDERS, orders",
			"order, orders", "invoice, invoices" })
	void misspeltNameShouldBeFound(String name, String nearest) {
		assertThat(NearestName.of(name, List.of("invoices", "orders"))).contains(nearest);
	}

	@ParameterizedTest
	@CsvSource({ "xyz", "''", "nobody" })
	void nameThatIsLikeNoneShouldNotBeFound(String name) {
		assertThat(NearestName.of(name, List.of("invoices", "orders", ""))).isEmpty();
	}

	@Test
	void nameItselfShouldNotBeFound() {
		assertThat(NearestName.of("orders", List.of("orders"))).isEmpty();
		assertThat(NearestName.of("orders", List.of("orders", "order"))).contains("order");
	}

}
