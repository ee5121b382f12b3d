package dev.mainloop.duplicates;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;

/**
 * Compares files. There is an instance on each loop of the group, and all files of one
 * size come to the same, so that each has all that can be equal to its files in plain
 * fields. A file whose size no other has is not read.
 */
@EventHandler(loop = "workers")
class Comparison {

	private final String loop;

	private final MessageDigest digest = MessageDigest.getInstance("SHA-256");

	private final byte[] piece = new byte[64 * 1024];

	private final Set<Object> inodes = new HashSet<>();

	private final Map<Long, FoundFile> firstOfSize = new HashMap<>();

	private final Set<Long> sizesOfSeveral = new HashSet<>();

	private final Map<Content, List<Path>> paths = new HashMap<>();

	private final List<String> unreadable = new ArrayList<>();

	private long bytes;

	Comparison(MainLoop loop) throws NoSuchAlgorithmException {
		this.loop = loop.name();
	}

	@OnMessage(queue = "files", key = "#file.size")
	void compare(FoundFile file) {
		if (!this.inodes.add(file.inode())) {
			return; // another hard link to a file that was here
		}
		FoundFile first = this.firstOfSize.putIfAbsent(file.size(), file);
		if (first != null) {
			if (this.sizesOfSeveral.add(file.size())) {
				read(first);
			}
			read(file);
		}
	}

	private void read(FoundFile file) {
		try {
			Content content = new Content(file.size(), checksum(file));
			this.paths.computeIfAbsent(content, (some) -> new ArrayList<>()).add(file.path());
		}
		catch (IOException ex) {
			this.unreadable.add("%s: %s".formatted(file.path(), ex));
		}
	}

	private String checksum(FoundFile file) throws IOException {
		this.digest.reset();
		try (InputStream input = Files.newInputStream(file.path())) {
			long left = file.size();
			while (left > 0) {
				int count = input.read(this.piece, 0, (int) Math.min(this.piece.length, left));
				if (count < 0) {
					throw new EOFException("%d bytes less than its size".formatted(left));
				}
				this.digest.update(this.piece, 0, count);
				this.bytes += count;
				left -= count;
			}
		}
		return HexFormat.of().formatHex(this.digest.digest());
	}

	/** Sends on what it has found. Files that were sent before have come before. */
	@OnMessage(queue = "files", instances = Instances.EACH)
	Findings end(WalkEnded message) {
		this.paths.values().removeIf((equal) -> equal.size() == 1);
		return new Findings(this.loop, this.inodes.size(), this.bytes, this.paths, this.unreadable);
	}

}
