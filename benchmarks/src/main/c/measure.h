/* What all programs need: the clock, an end for what fails, percentiles. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now_nanos(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Returns the result of a system call that must not fail. */
static inline int must(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

static inline void usage(const char *text)
{
	fprintf(stderr, "usage: %s\n", text);
	exit(2);
}

static inline void allow_descriptors(void)
{
	struct rlimit limit;
	must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

struct samples {
	int64_t *nanos;
	int count;
	int taken;
};

static inline struct samples samples_of(int count)
{
	struct samples samples = { malloc(count * sizeof(int64_t)), count, 0 };
	return samples;
}

/* Adds a time and tells whether more are wanted. */
static inline int samples_add(struct samples *samples, int64_t nanos)
{
	samples->nanos[samples->taken++] = nanos;
	return samples->taken < samples->count;
}

static inline int compare_nanos(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
	return (x > y) - (x < y);
}

/* Prints percentiles in microseconds, without the first fifth. */
static inline void samples_print(struct samples *samples)
{
	static const double percentiles[] = { 50, 90, 99, 99.9 };
	int64_t *sorted = samples->nanos + samples->count / 5;
	int count = samples->count - samples->count / 5;
	qsort(sorted, count, sizeof(int64_t), compare_nanos);
	for (int i = 0; i < 4; i++)
		printf("p%g %.3f\n", percentiles[i], sorted[(int) (count * percentiles[i] / 100)] / 1000.0);
}
