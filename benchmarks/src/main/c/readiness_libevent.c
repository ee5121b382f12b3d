/* The chain of pipes on libevent. */

#include "chain.h"
#include <event2/event.h>

static struct event_base *base;

static void run_once(void)
{
	event_base_loop(base, EVLOOP_ONCE);
}

static void readable(evutil_socket_t fd, short what, void *pipe)
{
	(void) fd;
	(void) what;
	chain_read((int) (intptr_t) pipe);
}

int main(int argc, char **argv)
{
	chain_open(argc, argv);
	base = event_base_new();
	for (int i = 0; i < pipe_count; i++)
		event_add(event_new(base, pipes[i][0], EV_READ | EV_PERSIST, readable, (void *) (intptr_t) i), NULL);
	chain_measure(atoi(argv[4]));
	return 0;
}
