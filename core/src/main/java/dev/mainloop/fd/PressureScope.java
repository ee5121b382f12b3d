package dev.mainloop.fd;

/**
 * Whose pressure is measured.
 */
public enum PressureScope {

	/** That of all tasks of the host. */
	SYSTEM,

	/** That of the tasks in the control group of this process, as of a container. */
	CGROUP

}
