/*
 * A timerfd of a millisecond in an epoll loop: how late it is when nothing else happens and when another thread floods
 * an eventfd, and its ticks for strace to count.
 */

#include "measure.h"
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

static const int64_t MILLISECOND = 1000000;
static const int WARM_UP = 100;

static int epoll, timer, messages;
static volatile int flooding;

static void watch(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void arm(int64_t due, int64_t interval)
{
	struct itimerspec when = { .it_interval = { 0, interval }, .it_value = { due / 1000000000, due % 1000000000 } };
	must(timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL), "timerfd_settime");
}

/* Runs the loop until the timer has expired. */
static void await_timer(void)
{
	struct epoll_event events[16];
	for (int expired = 0; !expired;) {
		int count = must(epoll_wait(epoll, events, 16, -1), "epoll_wait");
		for (int i = 0; i < count; i++) {
			uint64_t value;
			must(read(events[i].data.fd, &value, sizeof(value)), "read");
			expired |= events[i].data.fd == timer;
		}
	}
}

static void *flood(void *nothing)
{
	uint64_t one = 1;
	while (flooding)
		must(write(messages, &one, sizeof(one)), "write");
	return nothing;
}

static void measure_lateness(int count)
{
	struct samples samples = samples_of(count);
	int64_t due;
	do {
		due = now_nanos() + MILLISECOND;
		arm(due, 0);
		await_timer();
	} while (samples_add(&samples, now_nanos() - due));
	samples_print(&samples);
}

static void tick(int count)
{
	arm(now_nanos() + MILLISECOND, MILLISECOND);
	for (int i = 0; i < WARM_UP; i++)
		await_timer();
	access("/measured-from-here", F_OK);
	for (int i = 0; i < count; i++)
		await_timer();
	access("/measured-to-here", F_OK);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		usage("timer idle|flood|tick COUNT");
	int count = atoi(argv[2]);
	epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	timer = must(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create");
	messages = must(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
	watch(timer);
	watch(messages);
	if (strcmp(argv[1], "tick") == 0) {
		tick(count);
		return 0;
	}
	flooding = strcmp(argv[1], "flood") == 0;
	pthread_t thread;
	pthread_create(&thread, NULL, flood, NULL);
	measure_lateness(count);
	flooding = 0;
	pthread_join(thread, NULL);
	return 0;
}
