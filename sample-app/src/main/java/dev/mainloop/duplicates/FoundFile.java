package dev.mainloop.duplicates;

import java.nio.file.Path;

/**
 * A file of the directory tree.
 *
 * @param path its path
 * @param size its size in bytes
 * @param inode what tells it from other files, whatever its names
 */
record FoundFile(Path path, long size, Object inode) {

}
