package dev.mainloop.handler;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

import static org.assertj.core.api.Assertions.assertThat;

class ExpressionNamesTests {

	private static final Set<String> PARAMETERS = Set.of("a0", "p0", "order");

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	ExpressionNamesTests() {
		this.beanFactory.registerSingleton("limit", 100);
		this.beanFactory.registerSingleton("dotted.name", "x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "#order.total > 100", "#a0.total + #p0.total > 0", "#root.message.total > 1",
			"message.total > 1", "#order.total() > 1", "#order.customer.name == 'a'", "#order?.customer?.vip",
			"@limit > #order.total", "@'dotted.name' == 'x'", "#order.items.?[price > 3].size() > 0",
			"#order.items.![price][0] > 1", "#order.items[0].price > 1", "#order.headers[key] == 'x'",
			"#order.headers['key'].anything", "{name: 1}.size() > 0", "#order.other.unknownHere",
			"#root.class.name != ''", "T(java.lang.Math).max(#order.total, 3) > 2", "#order.names.length > 0",
			"#this.message.total > 0", "toString() != null", "#order.total > 1 ? @limit > 2 : !#order.customer.vip" })
	void namesThatAreThereShouldBeFound(String condition) {
		assertThat(findUnknown(condition, Purchase.class)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			#ordr.total > 1                      | there is no variable #ordr
			#p1.total > 1                        | there is no variable #p1
			1 < 2 && #ordr.total > 1             | there is no variable #ordr
			#order.items.?[price > #max].empty   | there is no variable #max
			#isBig(#order)                       | there is no variable #isBig
			#order.total > @limits               | there is no bean named 'limits'
			@limits.max > 1                      | there is no bean named 'limits'
			total > 1                            | #root has no property 'total'
			order.total > 1                      | #root has no property 'order'
			#root.order.total > 1                | #root has no property 'order'
			#root.message.totl > 1               | Purchase has no property 'totl'
			message.totl > 1                     | Purchase has no property 'totl'
			#order.totl > 1                      | Purchase has no property 'totl'
			#a0.totl > 1                         | Purchase has no property 'totl'
			#order?.customer?.nam == 'a'         | Customer has no property 'nam'
			#order.total.cents > 1               | java.lang.Integer has no property 'cents'
			#order.items.contains(#order.itm)    | Purchase has no property 'itm'
			#order.items[#order.totl].price > 1  | Purchase has no property 'totl'
			""")
	void nameThatIsNotThereShouldBeTold(String condition, String problem) {
		assertThat(findUnknown(condition, Purchase.class)).endsWith(problem);
	}

	@ParameterizedTest
	@ValueSource(strings = { "#order.total > 1", "#root.message.total > 1" })
	void propertyThatASubtypeMayHaveShouldBeLeft(String condition) {
		assertThat(findUnknown(condition, Object.class)).isNull();
		assertThat(findUnknown(condition, Other.class)).isNull();
	}

	private String findUnknown(String condition, Class<?> messageType) {
		SpelExpression expression = new SpelExpressionParser().parseRaw(condition);
		return new ExpressionNames(PARAMETERS, messageType, this.beanFactory).findUnknown(expression.getAST());
	}

	record Purchase(int total, Customer customer, List<Item> items, Map<String, Object> headers, Other other,
			String[] names) {

	}

	record Customer(String name, boolean vip) {

	}

	record Item(int price) {

	}

	static class Other {

	}

}
