package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SocketPair;

/**
 * The streams that lines go through.
 */
enum Streams {

	PIPE {

		@Override
		Ends open(Path directory) {
			Pipe pipe = Pipe.open();
			return new Ends(pipe.reader(), pipe.writer());
		}

	},

	FIFO {

		@Override
		Ends open(Path directory) {
			Path path = directory.resolve("fifo");
			return new Ends(FileDescriptor.openFifo(path), FileDescriptor.open(path, StandardOpenOption.WRITE));
		}

	},

	SOCKET {

		@Override
		Ends open(Path directory) {
			SocketPair pair = SocketPair.open();
			return new Ends(pair.one(), pair.other());
		}

	},

	/** A terminal that gives each byte as it is. */
	TERMINAL {

		@Override
		Ends open(Path directory) {
			int master = Kernel.openTerminalMaster();
			FileDescriptor terminal = FileDescriptor.open(Kernel.terminal(master), StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			Kernel.setPolling(ProcessFiles.number(terminal));
			return new Ends(terminal, FileDescriptor.adopt(master, "master"));
		}

	};

	abstract Ends open(Path directory);

	/**
	 * The ends of a stream.
	 *
	 * @param reader where it is read
	 * @param writer where it is written
	 */
	record Ends(FileDescriptor reader, FileDescriptor writer) implements AutoCloseable {

		void write(String text) {
			write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
		}

		private void write(ByteBuffer bytes) {
			this.writer.write(bytes);
			if (bytes.hasRemaining()) {
				throw new IllegalStateException(bytes.remaining() + " bytes were not taken");
			}
		}

		@Override
		public void close() {
			this.reader.close();
			this.writer.close();
		}

	}

}
