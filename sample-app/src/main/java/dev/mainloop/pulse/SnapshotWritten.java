package dev.mainloop.pulse;

/**
 * Tells that a snapshot was written, or could not be.
 */
record SnapshotWritten() {

}
