/*
 * What an event of one eventfd costs among many idle ones, by epoll, poll or select. Like the benchmark of the loop it
 * does not wait, as the event is there: waiting would put the thread into a queue of each descriptor for poll and select.
 */

#include "measure.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>

static int count, active;
static int *fds;

static void take(int fd)
{
	uint64_t value;
	must(read(fd, &value, sizeof(value)), "read");
}

static int epoll;

static void epoll_open(void)
{
	epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	for (int i = 0; i <= count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.fd = fds[i] };
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event), "epoll_ctl");
	}
}

static void epoll_once(void)
{
	struct epoll_event events[256];
	int ready = must(epoll_wait(epoll, events, 256, 0), "epoll_wait");
	for (int i = 0; i < ready; i++)
		take(events[i].data.fd);
}

static struct pollfd *polled;

static void poll_open(void)
{
	polled = calloc(count + 1, sizeof(*polled));
	for (int i = 0; i <= count; i++)
		polled[i] = (struct pollfd) { .fd = fds[i], .events = POLLIN };
}

static void poll_once(void)
{
	int ready = must(poll(polled, count + 1, 0), "poll");
	for (int i = 0; ready > 0; i++) {
		if (polled[i].revents) {
			take(polled[i].fd);
			ready--;
		}
	}
}

static fd_set watched;

static void select_open(void)
{
	if (active >= FD_SETSIZE)
		usage("idle_descriptors select with fewer than 1000 idle ones");
	for (int i = 0; i <= count; i++)
		FD_SET(fds[i], &watched);
}

static void select_once(void)
{
	fd_set readable = watched;
	struct timeval at_once = { 0, 0 };
	int ready = must(select(active + 1, &readable, NULL, NULL, &at_once), "select");
	for (int fd = 0; ready > 0; fd++) {
		if (FD_ISSET(fd, &readable)) {
			take(fd);
			ready--;
		}
	}
}

static const struct kind {
	const char *name;
	void (*open)(void);
	void (*run_once)(void);
} kinds[] = {
	{ "epoll", epoll_open, epoll_once },
	{ "poll", poll_open, poll_once },
	{ "select", select_open, select_once },
};

static void event(const struct kind *kind)
{
	uint64_t one = 1;
	must(write(active, &one, sizeof(one)), "write");
	kind->run_once();
}

int main(int argc, char **argv)
{
	if (argc != 4)
		usage("idle_descriptors epoll|poll|select IDLE MILLISECONDS");
	const struct kind *kind = kinds;
	while (strcmp(kind->name, argv[1]) != 0)
		if (++kind == kinds + 3)
			usage("idle_descriptors epoll|poll|select IDLE MILLISECONDS");
	count = atoi(argv[2]);
	allow_descriptors();
	fds = malloc((count + 1) * sizeof(int));
	for (int i = 0; i <= count; i++)
		active = fds[i] = must(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
	kind->open();
	int64_t span = atoi(argv[3]) * 1000000LL, events = 0, warm = now_nanos() + span / 5;
	while (now_nanos() < warm)
		event(kind);
	int64_t begin = now_nanos(), now;
	do {
		for (int i = 0; i < 100; i++)
			event(kind);
		events += 100;
		now = now_nanos();
	} while (now < begin + span);
	printf("ns %.1f\n", (double) (now - begin) / events);
	return 0;
}
