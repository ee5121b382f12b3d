package dev.mainloop.duplicates;

/**
 * Tells that all files were sent.
 */
record WalkEnded() {

}
