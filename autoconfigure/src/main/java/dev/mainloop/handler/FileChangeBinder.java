package dev.mainloop.handler;

import java.io.FileNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import dev.mainloop.DescriptorSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnFileChange;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.FileWatcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ResourceUtils;

/**
 * Binds {@link OnFileChange} methods to file watchers.
 */
final class FileChangeBinder implements EventBinder<OnFileChange> {

	private static final Logger logger = LoggerFactory.getLogger(FileChangeBinder.class);

	/** One letter may be a drive. */
	private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

	private final AttributeValues values;

	private final ObjectProvider<FileWatchers> watchers;

	FileChangeBinder(AttributeValues values, ObjectProvider<FileWatchers> watchers) {
		this.values = values;
		this.watchers = watchers;
	}

	@Override
	public Class<OnFileChange> annotationType() {
		return OnFileChange.class;
	}

	@Override
	public Instances instances(OnFileChange annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnFileChange annotation) {
		HandlerCall<Told> call = method.call(List.of(ArgumentResolver.ofType(FileChange.class, (told) -> told.change),
				ArgumentResolver.ofType(Path.class, (told) -> told.change.path()),
				ArgumentResolver.ofType(FileWatcher.class, (told) -> told.watcher)));
		FileWatcher.Builder settings = settings(method, annotation);
		Opened opened = new Opened(method, annotation, settings, call);
		return (loop, told) -> {
			FileWatcher watcher = opened.on(loop);
			DescriptorSource source = (watcher != null) ? watcher.source() : null;
			if (source != null) {
				// Changes that were taken are handled before the loop has stopped.
				told.accept(source);
			}
		};
	}

	private FileWatcher.Builder settings(HandlerMethod method, OnFileChange annotation) {
		Path path = path(method, this.values.resolve(method, "value", annotation.value()));
		List<FileChange.Kind> kinds = List.of(annotation.kinds());
		if (kinds.isEmpty()) {
			throw method.invalid("its 'kinds' are none", "Name the kinds of changes that it is called for.");
		}
		String settle = this.values.resolve(method, "settle", annotation.settle());
		Duration time = settle.isEmpty() ? Duration.ZERO
				: AttributeValues.nonNegativeDuration(method, "settle", settle);
		return FileWatcher.builder(path)
			.scope(annotation.scope())
			.kinds(kinds)
			.settle(time)
			.initial(annotation.initial());
	}

	private static Path path(HandlerMethod method, String value) {
		if (value.isEmpty()) {
			throw noPath(method, value, "is empty", null);
		}
		boolean isFileUrl = value.startsWith(ResourceUtils.FILE_URL_PREFIX);
		if (!isFileUrl && URL.matcher(value).matches()) {
			throw noPath(method, value, "is no file that the kernel could watch", null);
		}
		try {
			return isFileUrl ? ResourceUtils.getFile(value).toPath() : Path.of(value);
		}
		catch (FileNotFoundException | InvalidPathException ex) {
			throw noPath(method, value, "is no path", ex);
		}
	}

	private static InvalidHandlerException noPath(HandlerMethod method, String value, String reason,
			@Nullable Exception cause) {
		String what = "its 'value' is '%s', which %s".formatted(value, reason);
		String remedy = "Set 'value' to a path such as /etc/app/config.yaml, or to a URL such as "
				+ "file:./config/app.yaml. What is in a jar does not change.";
		return (cause != null) ? method.invalid(what, remedy, cause) : method.invalid(what, remedy);
	}

	/**
	 * A change and who tells of it.
	 *
	 * @param change the change
	 * @param watcher the watcher
	 */
	private record Told(FileChange change, FileWatcher watcher) {

	}

	/** The watcher of a method, which stays open while its loop is stopped. */
	private final class Opened {

		private final HandlerMethod method;

		private final OnFileChange annotation;

		private final FileWatcher.Builder settings;

		private final HandlerCall<Told> call;

		private @Nullable FileWatcher watcher;

		Opened(HandlerMethod method, OnFileChange annotation, FileWatcher.Builder settings, HandlerCall<Told> call) {
			this.method = method;
			this.annotation = annotation;
			this.settings = settings;
			this.call = call;
		}

		synchronized @Nullable FileWatcher on(MainLoop loop) {
			try {
				FileWatcher before = this.watcher;
				if (before != null && before.isOpen()) {
					before.reopen();
				}
				else {
					this.watcher = FileChangeBinder.this.watchers.getObject()
						.open(this.settings, loop, this.method.name(),
								(change, some) -> this.call.invoke(new Told(change, some)));
				}
				return this.watcher;
			}
			catch (ErrnoException ex) {
				String remedy = ErrnoAdvice.of(ex);
				if (this.annotation.required()) {
					throw this.method.invalid(String.valueOf(ex.getMessage()),
							remedy + " Or set 'required' to false, and the method is not called here.", ex);
				}
				logger.warn("The method '{}' is not called, as its files cannot be watched: {}. {}",
						LogText.of(this.method.name()), ex.getMessage(), remedy);
				return null;
			}
		}

	}

}
