package dev.mainloop.socket;

/**
 * Who had made the other side of a Unix socket when it connected or began to listen,
 * which the kernel vouches for, see {@code SO_PEERCRED} in {@code unix(7)}.
 *
 * @param processId the id of the process, 0 if this one cannot see it
 * @param userId the effective id of its user
 * @param groupId the effective id of its group
 */
public record PeerCredentials(int processId, int userId, int groupId) {

}
