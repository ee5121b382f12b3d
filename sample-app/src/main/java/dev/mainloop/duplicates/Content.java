package dev.mainloop.duplicates;

/**
 * What is in a file. Two files are equal if it is.
 *
 * @param size its size in bytes
 * @param checksum its SHA-256, in hexadecimal digits
 */
record Content(long size, String checksum) {

}
