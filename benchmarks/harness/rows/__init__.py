"""The rows of the table, in its order. A file for each subject, an entry for each row."""

from harness.rows import (allocations, file_changes, files, idle_descriptors, lateness, lines, messages, ping_pong,
                          readiness, shards, start_up, system_calls, timers)

ROWS = [row for subject in (messages, shards, ping_pong, timers, lateness, readiness, idle_descriptors, files,
                            file_changes, lines, system_calls, allocations, start_up) for row in subject.ROWS]
