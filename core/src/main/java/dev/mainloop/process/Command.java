package dev.mainloop.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.mainloop.ExitHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageHandler;
import dev.mainloop.fd.Spawn;
import dev.mainloop.fd.Stdio;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
import org.jspecify.annotations.Nullable;

/**
 * Describes a child, which may be started any number of times. Unless it is told
 * otherwise the child reads from the null device, writes to where this process writes,
 * and has its environment, its working directory and its process group.
 * <p>
 * Not thread-safe while it is described.
 */
public final class Command {

	private static final int LONGEST_LINE = 8 * 1024;

	private final List<String> arguments;

	private final Map<String, Optional<String>> environment = new TreeMap<>();

	private boolean onlyEnvironment;

	private @Nullable Path directory;

	private Stdio input = Stdio.NULL_DEVICE;

	private Stdio output = Stdio.INHERIT;

	private Stdio error = Stdio.INHERIT;

	private @Nullable Frames<?> outputFrames;

	private @Nullable Frames<?> errorFrames;

	private Spawn.Group group = Spawn.Group.INHERIT;

	private boolean killedWithLoop;

	private Command(List<String> arguments) {
		this.arguments = arguments;
	}

	/**
	 * Starts to describe a child. No shell is involved: each argument is one of the
	 * program as it is.
	 * @param program a path, or a name that is looked for in the {@code PATH} of the
	 * child
	 * @param arguments the arguments of the program
	 * @return the command
	 */
	public static Command of(String program, String... arguments) {
		return new Command(Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
	}

	/**
	 * Sets an environment variable.
	 * @param name its name
	 * @param value its value, or {@code null} if the child is not to have it
	 * @return this command
	 */
	public Command environment(String name, @Nullable String value) {
		this.environment.put(name, Optional.ofNullable(value));
		return this;
	}

	/**
	 * Gives the child none of the environment variables of this process.
	 * @return this command
	 */
	public Command onlyOwnEnvironment() {
		this.onlyEnvironment = true;
		return this;
	}

	/**
	 * Sets the working directory, from which a relative path of the program is taken.
	 * @param directory the directory
	 * @return this command
	 */
	public Command directory(Path directory) {
		this.directory = Objects.requireNonNull(directory, "'directory' must not be null");
		return this;
	}

	/**
	 * Sets the standard input.
	 * @param input what it is; {@link ChildProcess#input()} writes to a pipe
	 * @return this command
	 */
	public Command input(Stdio input) {
		this.input = input;
		return this;
	}

	/**
	 * Sets the standard output.
	 * @param output what it is; {@link ChildProcess#output()} reads from a pipe
	 * @return this command
	 */
	public Command output(Stdio output) {
		this.output = output;
		this.outputFrames = null;
		return this;
	}

	/**
	 * Sets the standard error.
	 * @param error what it is; {@link ChildProcess#error()} reads from a pipe
	 * @return this command
	 */
	public Command error(Stdio error) {
		this.error = error;
		this.errorFrames = null;
		return this;
	}

	/**
	 * Handles the lines of its standard output, in UTF-8, on the loop's thread. A line of
	 * more than 8 KiB is cut.
	 * @param handler is given each line
	 * @return this command
	 */
	public Command outputLines(MessageHandler<String> handler) {
		return output(Command::lines, (line, reader) -> handler.handle(line));
	}

	/**
	 * Handles the lines of its standard error, as {@link #outputLines} does those of the
	 * standard output.
	 * @param handler is given each line
	 * @return this command
	 */
	public Command errorLines(MessageHandler<String> handler) {
		return error(Command::lines, (line, reader) -> handler.handle(line));
	}

	private static Framing<String> lines() {
		return Framing.lines(LONGEST_LINE, StandardCharsets.UTF_8, TooLong.CUT);
	}

	/**
	 * Handles the frames of its standard output on the loop's thread.
	 * @param <F> the type of the frames
	 * @param framing makes what makes the frames of a child
	 * @param handler is given each frame, and told of the end of the output
	 * @return this command
	 */
	public <F> Command output(Supplier<Framing<F>> framing, FrameHandler<F> handler) {
		output(Stdio.PIPE);
		this.outputFrames = new Frames<>(framing, handler);
		return this;
	}

	/**
	 * Handles the frames of its standard error on the loop's thread.
	 * @param <F> the type of the frames
	 * @param framing makes what makes the frames of a child
	 * @param handler is given each frame, and told of the end of the output
	 * @return this command
	 */
	public <F> Command error(Supplier<Framing<F>> framing, FrameHandler<F> handler) {
		error(Stdio.PIPE);
		this.errorFrames = new Frames<>(framing, handler);
		return this;
	}

	/**
	 * Has the child lead a process group, which its own children belong to unless they
	 * leave it. Its signals go to all of them, and a signal that a terminal sends to the
	 * group of this process does not reach them.
	 * @return this command
	 */
	public Command ownGroup() {
		this.group = Spawn.Group.OWN_GROUP;
		return this;
	}

	/**
	 * Has the child lead a session, see {@code setsid(2)}, and a process group in it, as
	 * {@link #ownGroup()} has.
	 * @return this command
	 */
	public Command ownSession() {
		this.group = Spawn.Group.OWN_SESSION;
		return this;
	}

	/**
	 * Has the child be killed when its loop is closed. Otherwise it goes on then.
	 * @return this command
	 */
	public Command killedWithLoop() {
		this.killedWithLoop = true;
		return this;
	}

	/**
	 * Starts a child. The caller waits until it executes its program, which takes a
	 * millisecond or so.
	 * @param loop the loop that handles its output and its end
	 * @param description what log lines call it
	 * @param handler is told once how it has ended, after the last of its lines or frames
	 * was handled
	 * @return the child
	 * @throws ErrnoException if it cannot be started: with {@code ENOENT} or
	 * {@code EACCES} if the program or the working directory is not there, or not for
	 * this user
	 * @throws UnsupportedOperationException if the kernel or the C library cannot do that
	 */
	public ChildProcess start(MainLoop loop, String description, ExitHandler handler) {
		Spawn spawn = new Spawn(this.arguments, this.environment, this.onlyEnvironment, this.directory, this.input,
				this.output, this.error, this.group);
		return ChildProcess.start(loop, description, spawn, this.outputFrames, this.errorFrames, this.killedWithLoop,
				handler);
	}

	@Override
	public String toString() {
		return String.join(" ", this.arguments);
	}

	/**
	 * What becomes of an output.
	 *
	 * @param <F> the type of the frames
	 * @param framing makes what makes the frames of a child
	 * @param handler is given each frame
	 */
	record Frames<F>(Supplier<Framing<F>> framing, FrameHandler<F> handler) {

		Frames {
			Objects.requireNonNull(framing, "'framing' must not be null");
			Objects.requireNonNull(handler, "'handler' must not be null");
		}

	}

}
