/*
 * Pipes as the benchmark of libevent has them: some of many are written to, and each that becomes readable is read and
 * has the next one written to, until there were so many writes. What watches them is the program's.
 */

#include "measure.h"
#include <fcntl.h>
#include <pthread.h>

static int (*pipes)[2];
static int pipe_count, active, writes, writes_left, reads_left;

/* Runs the loop once. */
static void run_once(void);

static void chain_write(int pipe)
{
	must(write(pipes[pipe][1], "e", 1), "write");
}

/* Reads a pipe that is readable. */
static void chain_read(int pipe)
{
	char byte;
	must(read(pipes[pipe][0], &byte, 1), "read");
	reads_left--;
	if (writes_left > 0) {
		writes_left--;
		chain_write(pipe + 1 < pipe_count ? pipe + 1 : 0);
	}
}

static void *sleep_for_ever(void *nothing)
{
	for (;;)
		pause();
	return nothing;
}

static void chain_open(int argc, char **argv)
{
	if (argc != 5 && argc != 6)
		usage("PROGRAM PIPES ACTIVE WRITES MILLISECONDS [another-thread]");
	/* The kernel counts the users of a file only in a process with threads, as that of a JVM is. */
	pthread_t thread;
	if (argc == 6)
		must(-pthread_create(&thread, NULL, sleep_for_ever, NULL), "pthread_create");
	pipe_count = atoi(argv[1]);
	active = atoi(argv[2]);
	writes = atoi(argv[3]);
	allow_descriptors();
	pipes = malloc(pipe_count * sizeof(*pipes));
	for (int i = 0; i < pipe_count; i++)
		must(pipe2(pipes[i], O_NONBLOCK | O_CLOEXEC), "pipe2");
}

static void chain_round(void)
{
	writes_left = writes;
	reads_left = active + writes;
	for (int i = 0; i < active; i++)
		chain_write(i * (pipe_count / active));
	while (reads_left > 0)
		run_once();
}

/* Repeats rounds for a while, and prints the nanoseconds of one. */
static void chain_measure(int milliseconds)
{
	int64_t rounds = 0, warm = now_nanos() + milliseconds * 200000LL;
	while (now_nanos() < warm)
		chain_round();
	int64_t begin = now_nanos(), now;
	do {
		chain_round();
		rounds++;
		now = now_nanos();
	} while (now < begin + milliseconds * 1000000LL);
	printf("ns %.1f\n", (double) (now - begin) / rounds);
}
