package dev.mainloop.handler;

import java.io.PrintWriter;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.kernel.ProcessFiles;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A program of its own for {@link AlarmClockTests}, which takes a capability away from
 * it.
 */
public final class AlarmClockProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private AlarmClockProgram() {
	}

	/**
	 * Prints what comes of using the alarm clocks.
	 * @param args none
	 */
	public static void main(String[] args) {
		for (ClockId clock : List.of(ClockId.REALTIME_ALARM, ClockId.BOOTTIME_ALARM)) {
			try (TimerFd timerFd = TimerFd.open(clock)) {
				out.println(timerFd);
			}
			catch (IllegalStateException ex) {
				out.println(ex.getMessage());
				out.println(ex.getCause().getMessage());
			}
		}
		MainLoop loop = MainLoop.builder().build();
		List<String> before = ProcessFiles.anonymous();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			EventQueues queues = new EventQueues(loop, 2);
			context.registerBean(EventHandlers.class, () -> new EventHandlers(context.getBeanFactory(), queues));
			context.registerBean("alarm", Alarm.class);
			context.refresh();
			context.getBean(EventHandlers.class).open(Placement.OF_MAIN, loop, (source) -> out.println(source));
		}
		catch (InvalidHandlerException ex) {
			out.println(ex.getMessage());
			out.println(ex.getAction());
		}
		out.println(ProcessFiles.anonymous().equals(before));
		loop.close();
	}

	@EventHandler
	static class Alarm {

		@OnTimer(every = "1h", clock = ClockId.BOOTTIME_ALARM)
		void ring() {
		}

	}

}
