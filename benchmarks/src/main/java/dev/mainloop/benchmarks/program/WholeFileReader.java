package dev.mainloop.benchmarks.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.file.AsyncFile;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileHandler;
import dev.mainloop.file.FileOperation;

/**
 * Reads a file piece by piece, as one handler of a loop, again and again, and sums it up.
 */
final class WholeFileReader implements FileHandler {

	private static final int PIECE = 64 * 1024;

	private static final int PERMISSIONS = 0600;

	private final CompletableFuture<String> checksum = new CompletableFuture<>();

	private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

	private final Path path;

	private final MessageDigest digest;

	private long position;

	private volatile boolean ending;

	WholeFileReader(Path path) {
		this.path = path;
		try {
			this.digest = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void open(AsyncFiles files) {
		files.open(this.path, PERMISSIONS, (opened) -> read(opened.file()));
	}

	private void read(AsyncFile file) {
		file.readFully(this.piece.clear(), this.position, this);
	}

	@Override
	public void completed(FileOperation operation) {
		if (operation.result() == FileOperation.END_OF_FILE) {
			this.checksum.complete(HexFormat.of().formatHex(this.digest.digest()));
			this.position = 0;
		}
		else {
			this.position += operation.result();
			this.digest.update(this.piece.flip());
		}
		if (!this.ending) {
			read(operation.file());
		}
	}

	/**
	 * Waits until the file was read once, and holds its sum against the one that is
	 * known.
	 */
	void requireChecksum() throws IOException {
		String sum = this.checksum.join();
		this.ending = true;
		Process process = new ProcessBuilder("sha256sum", this.path.toString()).start();
		String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		if (!line.startsWith(sum)) {
			throw new IllegalStateException("%s was read as %s but is %s".formatted(this.path, sum, line));
		}
	}

}
