/* The chain of pipes on epoll, level-triggered. */

#include "chain.h"
#include <sys/epoll.h>

static int epoll;

static void run_once(void)
{
	struct epoll_event events[256];
	int count = must(epoll_wait(epoll, events, 256, -1), "epoll_wait");
	for (int i = 0; i < count; i++)
		chain_read(events[i].data.u32);
}

int main(int argc, char **argv)
{
	chain_open(argc, argv);
	epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	for (int i = 0; i < pipe_count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, pipes[i][0], &event), "epoll_ctl");
	}
	chain_measure(atoi(argv[4]));
	return 0;
}
