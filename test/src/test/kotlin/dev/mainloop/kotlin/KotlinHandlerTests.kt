package dev.mainloop.kotlin

import dev.mainloop.EventQueue
import dev.mainloop.MainLoop
import dev.mainloop.TimerTick
import dev.mainloop.annotation.EventHandler
import dev.mainloop.annotation.OnMessage
import dev.mainloop.annotation.OnSignal
import dev.mainloop.annotation.OnTimer
import dev.mainloop.annotation.QueueName
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration
import dev.mainloop.handler.InvalidHandlerException
import dev.mainloop.test.TestMainLoop
import dev.mainloop.test.TestMainLoopAutoConfiguration
import java.time.Duration
import kotlin.reflect.KClass
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flowOf
import org.aopalliance.intercept.MethodInterceptor
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator
import org.springframework.aop.support.AopUtils
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.assertj.AssertableApplicationContext
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/**
 * Tests handlers that are written in Kotlin.
 */
class KotlinHandlerTests {

	private val journal = Journal()

	private val runner = ApplicationContextRunner()
		.withConfiguration(
			AutoConfigurations.of(TestMainLoopAutoConfiguration::class.java, MainLoopAutoConfiguration::class.java),
		)
		.withBean(Journal::class.java, { journal })

	@Test
	fun messagesMayBeOfAllKindsOfClasses() = run(Messages::class) { context ->
		context.send(Data("a"), Stop, Boxed(1), "text")
		assertThat(journal).containsExactlyInAnyOrder(
			"data a", "event Data(text=a)", "stop", "event Stop", "number 1", "length 4",
		)
	}

	@Test
	fun functionsMayBeInternalOrHaveDefaultsOrAHyphen() = run(Functions::class) { context ->
		context.send(Data("a"))
		assertThat(journal).containsExactlyInAnyOrder("internal", "default", "hyphen")
	}

	@Test
	fun unitMayBeReturnedWhereItIsNullableOrAny() = run(Units::class) { context ->
		context.send(Data("a"), Stop)
		assertThat(journal).containsExactly("nullable a", "any")
	}

	@Test
	fun sequenceShouldBeSpread() = run(Sequences::class) { context ->
		context.send(Data("a"), Stop)
		assertThat(journal).containsExactly("1", "2", "3", "4")
	}

	@Test
	fun valueClassesMayBePartOfOtherTypes() = run(Envelopes::class) { context ->
		context.send(Stop)
		assertThat(journal).containsExactlyInAnyOrder("envelope of UserName(text=a)", "any UserName(text=b)")
	}

	@Test
	fun queuesMayBeInjectedWithVariance() = run(Variance::class) { context ->
		context.send(Stop)
		assertThat(journal).containsExactlyInAnyOrder("in a", "b, c", "queued 150")
	}

	@Test
	fun mainLoopShouldTakeLambdas() = run(Messages::class) { context ->
		val mainLoop = context.getBean(MainLoop::class.java)
		mainLoop.every("ticks", Duration.ofSeconds(1), Duration.ofSeconds(1)) { tick ->
			journal += "tick"
			tick.close()
		}
		val numbers = mainLoop.queue<Int>("numbers", 4) { journal += "number $it" }
		mainLoop.execute { numbers.send(1) }
		context.loop().advance(Duration.ofSeconds(2))
		assertThat(journal).containsExactly("number 1", "tick")
	}

	@Test
	fun annotationsMayBeRepeatedAndInherited() = run(Repeated::class) { context ->
		context.loop().advance(Duration.ofSeconds(2))
		context.loop().raise("SIGHUP")
		assertThat(journal).containsExactly("tick of 1", "tick of 1", "inherited")
	}

	@Test
	fun handlersShouldBeOpenForProxies() {
		runner.withBean("proxies", BeanNameAutoProxyCreator::class.java, {
			BeanNameAutoProxyCreator().apply {
				setBeanNames("functions")
				setInterceptorNames("interceptor")
				isProxyTargetClass = true
			}
		}).withBean("interceptor", MethodInterceptor::class.java, {
			MethodInterceptor { invocation ->
				journal += "intercepted"
				invocation.proceed()
			}
		}).withBean("functions", Functions::class.java).run { context ->
			assertThat(AopUtils.isCglibProxy(context.getBean("functions"))).isTrue()
			context.send(Data("a"))
			assertThat(journal).hasSize(6).contains("intercepted", "internal", "default", "hyphen")
		}
	}

	@Test
	fun suspendFunctionShouldBeRefused() = assertRefused(
		Suspending::class,
		"'${Suspending::class.java.name}.on' of bean 'handler' cannot be an @OnMessage handler: it is a suspend function",
		"Remove 'suspend', and have a coroutine send its result, as in scope.launch { queue.send(fetch()) }.",
	)

	@ParameterizedTest
	@ValueSource(
		classes = [ValueTaken::class, ValueReturned::class, NullableValueTaken::class, UnsignedTaken::class,
			ResultReturned::class],
	)
	fun valueClassShouldBeRefused(handler: Class<*>) = assertRefused(
		handler.kotlin,
		"it takes or returns a value class, which the JVM passes as the value in it",
		"Use a data class, or Long in place of ULong; if it only is the value of an expression body, use a block body.",
	)

	@ParameterizedTest
	@ValueSource(classes = [FlowReturned::class, StateFlowReturned::class, DeferredReturned::class])
	fun valueThatIsNotThereYetShouldBeRefused(handler: Class<*>) = assertRefused(
		handler.kotlin,
		"whose value is not there yet",
		"Add kotlinx-coroutines-reactor to the class path, or return nothing, and have the value sent when it is there, "
			+ "as in flow.collect { queue.send(it) } or queue.send(deferred.await()) in a coroutine.",
	)

	@ParameterizedTest
	@ValueSource(classes = [ExpressionBody::class, ListOfUnits::class])
	fun valueThatNobodyHandlesShouldBeRefusedWithTheWayOut(handler: Class<*>) = assertRefused(
		handler.kotlin,
		"by what it returns, sends messages of type",
		"in an @EventHandler. If it is only the value of an expression body, use a block body.",
	)

	private fun run(handler: KClass<*>, test: (AssertableApplicationContext) -> Unit) {
		runner.withBean("handler", handler.java).run { context -> test(context) }
	}

	private fun assertRefused(handler: KClass<*>, description: String, action: String) = run(handler) { context ->
		assertThat(context.startupFailure)
			.isInstanceOfSatisfying(InvalidHandlerException::class.java) { refusal ->
				assertThat(refusal).hasMessageContaining(description)
				assertThat(refusal.action).endsWith(action)
			}
	}

	private fun AssertableApplicationContext.loop(): TestMainLoop = getBean(TestMainLoop::class.java)

	private fun AssertableApplicationContext.send(vararg messages: Any) = messages.forEach(loop()::send)

	class Journal : ArrayList<String>()

	sealed interface Event

	data class Data(val text: String) : Event

	data object Stop : Event

	data class Boxed(val number: Int)

	data class Envelope<out T>(val content: T)

	data class Order(val total: Int)

	@JvmInline
	value class UserName(val text: String)

	@EventHandler
	class Messages(private val journal: Journal) {

		@OnMessage
		fun data(data: Data?) {
			journal += "data ${data?.text}"
		}

		@OnMessage
		fun stop(stop: Stop) {
			journal += "stop"
		}

		@OnMessage
		fun event(event: Event) {
			journal += "event $event"
		}

		@OnMessage
		fun unbox(boxed: Boxed): Int = boxed.number

		@OnMessage
		fun number(number: Int) {
			journal += "number $number"
		}

		@OnMessage
		fun String.extension() {
			journal += "length $length"
		}

	}

	@EventHandler
	class Functions(private val journal: Journal) {

		@OnMessage
		internal fun inside(data: Data) {
			journal += "internal"
		}

		@OnMessage
		fun byDefault(data: Data = Data("default")) {
			journal += "default"
		}

		@OnMessage
		fun `on-message`(data: Data) {
			journal += "hyphen"
		}

	}

	@EventHandler
	class Units(private val journal: Journal) {

		@OnMessage
		fun nullable(data: Data): Unit? = data.text.firstOrNull()?.let { journal += "nullable $it" }

		@OnMessage
		fun any(stop: Stop) = if (journal.size > 100) "many" else journal.plusAssign("any")

		@OnMessage
		fun nothing(stop: Stop): Nothing? = null

	}

	@EventHandler
	class Sequences(private val journal: Journal) {

		@OnMessage
		fun declared(data: Data): Sequence<Int> = generateSequence(data.text.length) { it + 1 }.take(2)

		@OnMessage
		fun any(stop: Stop): Any = sequenceOf(3, 4)

		@OnMessage
		fun number(number: Int) {
			journal += "$number"
		}

	}

	@EventHandler
	class Envelopes(private val journal: Journal, private val envelopes: EventQueue<Envelope<UserName>>) {

		@OnMessage
		fun stop(stop: Stop): List<UserName> {
			envelopes.send(Envelope(UserName("a")))
			return listOf(UserName("b"))
		}

		@OnMessage
		fun envelope(envelope: Envelope<UserName>) {
			journal += "envelope of ${envelope.content}"
		}

		@OnMessage
		fun text(envelope: Envelope<String>) {
			journal += "never"
		}

		@OnMessage
		fun any(any: Any) {
			if (any is UserName) {
				journal += "any $any"
			}
		}

	}

	@EventHandler
	class Variance(
		private val journal: Journal,
		private val texts: EventQueue<in String>,
		private val events: EventQueue<out Event>,
		private val lists: EventQueue<List<CharSequence>>,
		@QueueName("orders") private val orders: EventQueue<Order>,
	) {

		@OnMessage
		fun stop(stop: Stop) {
			check(events.size() == 0)
			texts.send("a")
			lists.send(listOf("b", "c"))
			orders.send(Order(50))
			orders.send(Order(150))
		}

		@OnMessage
		fun text(text: String) {
			journal += "in $text"
		}

		@OnMessage
		fun list(list: List<CharSequence>) {
			journal += list.joinToString()
		}

		@OnMessage(queue = "orders", condition = "#order.total > 100")
		fun order(order: Order) {
			journal += "queued ${order.total}"
		}

	}

	interface Hangup {

		val journal: Journal

		@OnSignal("SIGHUP")
		fun hangUp() {
			journal += "inherited"
		}

	}

	@EventHandler
	class Repeated(override val journal: Journal) : Hangup {

		@OnTimer(every = "1h", initialDelay = "1s")
		@OnTimer(every = "1h", initialDelay = "2s")
		fun tick(tick: TimerTick) {
			journal += "tick of ${tick.expirations()}"
		}

	}

	@EventHandler
	class Suspending {

		@OnMessage
		suspend fun on(data: Data) {
		}

	}

	@EventHandler
	class ValueTaken {

		@OnMessage
		fun on(name: UserName) {
		}

	}

	@EventHandler
	class NullableValueTaken {

		@OnMessage
		fun on(name: UserName?) {
		}

	}

	@EventHandler
	class UnsignedTaken {

		@OnMessage
		fun on(number: ULong) {
		}

	}

	@EventHandler
	class ValueReturned {

		@OnMessage
		fun on(data: Data): UserName = UserName(data.text)

		@OnMessage
		fun text(text: String) {
		}

	}

	@EventHandler
	class ResultReturned {

		@OnMessage
		fun on(data: Data) = runCatching { check(data.text.isEmpty()) }

	}

	@EventHandler
	class FlowReturned {

		@OnMessage
		fun on(data: Data): Flow<String> = flowOf(data.text)

	}

	@EventHandler
	class StateFlowReturned {

		@OnMessage
		fun on(data: Data) = MutableStateFlow(data)

	}

	@EventHandler
	class DeferredReturned {

		@OnMessage
		fun on(data: Data): Deferred<Data> = CompletableDeferred(data)

	}

	@EventHandler
	class ExpressionBody {

		private val seen = mutableListOf<Data>()

		@OnMessage
		fun on(data: Data) = seen.add(data)

	}

	@EventHandler
	class ListOfUnits {

		@OnMessage
		fun on(data: Data) = data.text.map { println(it) }

	}

}
