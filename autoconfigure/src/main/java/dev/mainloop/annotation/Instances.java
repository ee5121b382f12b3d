package dev.mainloop.annotation;

/**
 * Which instances of a handler bean get an event, where the bean has one on each loop of
 * a group, see {@link EventHandler#loop()}. Where it has one, both mean that one.
 */
public enum Instances {

	/** Each instance, on its own loop. */
	EACH,

	/** One of them: always the first, but for messages, see {@link OnMessage#key()}. */
	ONE

}
