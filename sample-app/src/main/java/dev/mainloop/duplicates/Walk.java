package dev.mainloop.duplicates;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.QueueName;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Sends the files of a directory tree to those who compare them. It is called by the main
 * thread, which is no loop's and may wait: for the disk, and for room in a queue.
 */
@Component
class Walk {

	private final EventQueue<FoundFile> files;

	private final EventQueue<WalkEnded> ends;

	Walk(@QueueName("files") EventQueue<FoundFile> files, @QueueName("files") EventQueue<WalkEnded> ends) {
		this.files = files;
		this.ends = ends;
	}

	/**
	 * Walks the tree, without what symbolic links lead to.
	 * @return the paths that could not be visited, and why
	 */
	List<String> in(Path directory) throws IOException {
		List<String> unreadable = new ArrayList<>();
		Files.walkFileTree(directory.toRealPath(), new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
				if (attributes.isRegularFile() && attributes.size() > 0) {
					Walk.this.files.send(new FoundFile(path, attributes.size(), attributes.fileKey()));
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path path, IOException ex) {
				unreadable.add("%s: %s".formatted(path, ex));
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path path, @Nullable IOException ex) {
				return (ex != null) ? visitFileFailed(path, ex) : FileVisitResult.CONTINUE;
			}

		});
		this.ends.send(new WalkEnded());
		return unreadable;
	}

}
