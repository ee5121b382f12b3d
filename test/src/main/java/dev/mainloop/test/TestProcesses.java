package dev.mainloop.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Spawn;

/**
 * The processes that a test's application has started or waits for.
 */
final class TestProcesses {

	private static final long FIRST_PID = 1000;

	private final List<TestChild> children = new CopyOnWriteArrayList<>();

	private final List<TestPidFd> others = new CopyOnWriteArrayList<>();

	PidFd open(long pid) {
		TestPidFd pidFd = new TestPidFd(pid);
		this.others.add(pidFd);
		return pidFd;
	}

	synchronized ChildFd spawn(Spawn spawn) {
		TestChild child = new TestChild(FIRST_PID + this.children.size(), spawn);
		this.children.add(child);
		return child;
	}

	TestChild child(String program) {
		return this.children.stream()
			.filter((child) -> child.isOf(program))
			.reduce((first, second) -> second)
			.orElseThrow(
					() -> new IllegalStateException("No child with the program '%s' was started".formatted(program)));
	}

	void exit(long pid, ExitStatus status) {
		List<TestPidFd> told = this.others.stream().filter((pidFd) -> pidFd.isOpen() && pidFd.pid() == pid).toList();
		if (told.isEmpty()) {
			throw new IllegalStateException("No handler waits for the process " + pid);
		}
		told.forEach((pidFd) -> pidFd.end(status));
		this.others.removeAll(told);
	}

}
