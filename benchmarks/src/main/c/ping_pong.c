/* How long it takes to wake a thread that waits in epoll_wait by an eventfd, and to be woken by it in turn. */

#include "measure.h"
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct loop {
	int epoll;
	int event;
	int edge;
};

static int rounds;
static struct loop near, far;

static void loop_open(struct loop *loop, int edge)
{
	loop->edge = edge;
	loop->epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	loop->event = must(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
	struct epoll_event event = { .events = EPOLLIN | (edge ? EPOLLET : 0) };
	must(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->event, &event), "epoll_ctl");
}

static void loop_wait(struct loop *loop)
{
	struct epoll_event event;
	while (epoll_wait(loop->epoll, &event, 1, -1) != 1)
		;
	uint64_t count;
	if (!loop->edge)
		must(read(loop->event, &count, sizeof(count)), "read");
}

static void loop_wake(struct loop *loop)
{
	uint64_t one = 1;
	must(write(loop->event, &one, sizeof(one)), "write");
}

static void *answer(void *nothing)
{
	for (int i = 0; i < rounds; i++) {
		loop_wait(&far);
		loop_wake(&near);
	}
	return nothing;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		usage("ping_pong level|edge ROUNDS");
	int edge = strcmp(argv[1], "edge") == 0;
	rounds = atoi(argv[2]);
	loop_open(&near, edge);
	loop_open(&far, edge);
	struct samples samples = samples_of(rounds);
	pthread_t thread;
	pthread_create(&thread, NULL, answer, NULL);
	int64_t sent;
	do {
		sent = now_nanos();
		loop_wake(&far);
		loop_wait(&near);
	} while (samples_add(&samples, now_nanos() - sent));
	pthread_join(thread, NULL);
	samples_print(&samples);
	return 0;
}
