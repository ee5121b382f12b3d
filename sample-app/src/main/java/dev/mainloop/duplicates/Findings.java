package dev.mainloop.duplicates;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one of those who compare has found.
 *
 * @param loop the name of its loop
 * @param files how many files it was sent
 * @param bytes how many bytes it has read
 * @param equal the paths of files that are equal, by their content
 * @param unreadable the files that it could not read, and why
 */
record Findings(String loop, int files, long bytes, Map<Content, List<Path>> equal, List<String> unreadable) {

}
