package dev.mainloop.kotlin

import dev.mainloop.EventQueue
import dev.mainloop.annotation.EventHandler
import dev.mainloop.annotation.OnMessage
import dev.mainloop.annotation.OnTimer
import org.slf4j.LoggerFactory

sealed interface Command

data class Greet(val name: String) : Command

data object Leave : Command

data class Line(val text: String)

@EventHandler
class Greeter(private val commands: EventQueue<Command>) {

	private val logger = LoggerFactory.getLogger(Greeter::class.java)

	private var count = 0 // no lock: all handlers run on the one thread of the loop

	@OnTimer(every = "\${greeter.every:1s}")
	fun beat() {
		commands.send(Greet("tick"))
	}

	@OnMessage
	fun greet(greet: Greet) = Line("${++count} hello, ${greet.name}")

	@OnMessage
	fun leave(leave: Leave) = sequenceOf(Line("bye"), Line("until the next time"))

	@OnMessage
	fun print(line: Line) { // what the others have returned
		logger.info(line.text)
	}

}
