package dev.mainloop.benchmarks.peer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.file.AsyncFile;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileHandler;
import dev.mainloop.file.FileIo;
import dev.mainloop.file.FileOperation;
import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.file.OpenFlag;

/**
 * The files of our own loop.
 */
public final class MainLoopFileLoad implements FileLoad {

	private static final int PERMISSIONS = 0600;

	private final AtomicLong ended = new AtomicLong();

	private final MainLoop loop = MainLoop.builder().build();

	private final MainLoopThread thread = new MainLoopThread(this.loop);

	private final AsyncFiles files;

	private final FileWork work;

	private final FilePositions positions;

	private volatile boolean closing;

	/**
	 * Begins operations.
	 * @param fileIo how they are carried out
	 * @param work what they do
	 * @param path the file
	 * @param inFlight how many are in flight
	 */
	public MainLoopFileLoad(FileIo fileIo, FileWork work, Path path, int inFlight) {
		this.work = work;
		this.positions = FilePositions.of(work, path);
		this.files = AsyncFiles.builder(this.loop).fileIo(fileIo).build();
		this.thread.start();
		this.loop.execute(() -> this.files.open(path, PERMISSIONS, (opened) -> begin(opened.file(), inFlight),
				work.options(OpenFlag.DIRECT)));
	}

	private void begin(AsyncFile file, int inFlight) {
		for (int i = 0; i < inFlight; i++) {
			new Lane(file).begin();
		}
	}

	/**
	 * Returns the loop.
	 * @return the loop, which runs and is closed with this
	 */
	public MainLoop loop() {
		return this.loop;
	}

	/**
	 * Returns the files of the loop.
	 * @return the files
	 */
	public AsyncFiles files() {
		return this.files;
	}

	@Override
	public long ended() {
		return this.ended.get();
	}

	@Override
	public void close() {
		this.closing = true;
		this.thread.stop().join();
		this.loop.close();
	}

	/** One operation after another. */
	private final class Lane implements FileHandler {

		private final ByteBuffer buffer = MainLoopFileLoad.this.work.buffer();

		private final AsyncFile file;

		Lane(AsyncFile file) {
			this.file = file;
		}

		void begin() {
			if (MainLoopFileLoad.this.closing) {
				return;
			}
			long position = MainLoopFileLoad.this.positions.next();
			this.buffer.position(0);
			if (MainLoopFileLoad.this.work == FileWork.APPEND) {
				this.file.write(this.buffer, position, this);
			}
			else {
				this.file.read(this.buffer, position, this);
			}
		}

		@Override
		public void completed(FileOperation operation) {
			operation.result();
			if (operation.type() == Type.WRITE) {
				this.file.dataSync(this);
				return;
			}
			MainLoopFileLoad.this.ended.lazySet(MainLoopFileLoad.this.ended.getPlain() + 1);
			begin();
		}

	}

}
