/*
 * Keeps so many operations in flight on a file with io_uring(7): reads of random blocks, through the page cache or past
 * it, or appends that are synced.
 */

#include "measure.h"
#include <fcntl.h>
#include <liburing.h>
#include <sys/stat.h>

enum { BLOCK = 4096, RECORD = 512 };

struct lane {
	char *buffer;
	int syncing;
};

static struct io_uring ring;
static int file, appending;
static int64_t blocks, end;
static uint64_t seed = 88172645463325252;

/* Marsaglia's xorshift. */
static int64_t random_block(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % blocks;
}

static void begin(struct lane *lane)
{
	struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
	if (lane->syncing) {
		io_uring_prep_fsync(entry, file, IORING_FSYNC_DATASYNC);
	} else if (appending) {
		io_uring_prep_write(entry, file, lane->buffer, RECORD, end);
		end += RECORD;
	} else {
		io_uring_prep_read(entry, file, lane->buffer, BLOCK, random_block() * BLOCK);
	}
	io_uring_sqe_set_data(entry, lane);
}

/* Begins what follows an operation that has ended, and tells whether it was the last of its kind. */
static int ended(struct io_uring_cqe *completion)
{
	struct lane *lane = io_uring_cqe_get_data(completion);
	int result = completion->res;
	if (result != (lane->syncing ? 0 : appending ? RECORD : BLOCK)) {
		fprintf(stderr, "result %d\n", result);
		exit(1);
	}
	lane->syncing = appending && !lane->syncing;
	begin(lane);
	return !lane->syncing;
}

/* Returns the time of an operation. */
static double run(int64_t nanos)
{
	int64_t begin = now_nanos(), now, count = 0;
	do {
		must(io_uring_submit_and_wait(&ring, 1), "io_uring_enter");
		struct io_uring_cqe *completion;
		unsigned head, seen = 0;
		io_uring_for_each_cqe(&ring, head, completion) {
			count += ended(completion);
			seen++;
		}
		io_uring_cq_advance(&ring, seen);
		now = now_nanos();
	} while (now - begin < nanos);
	return (double) (now - begin) / count;
}

static void open_file(const char *work, const char *path)
{
	appending = strcmp(work, "append") == 0;
	int flags = appending ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
	file = must(open(path, flags | (strcmp(work, "direct") == 0 ? O_DIRECT : 0) | O_CLOEXEC, 0666), path);
	struct stat status;
	must(fstat(file, &status), "fstat");
	blocks = status.st_size / BLOCK;
	if (appending)
		must(unlink(path), "unlink");
}

static void read_whole(char *buffer)
{
	for (int64_t block = 0; block < blocks; block++)
		must(pread(file, buffer, BLOCK, block * BLOCK), "pread");
}

int main(int argc, char **argv)
{
	if (argc != 5)
		usage("file_uring cached|direct|append IN_FLIGHT MILLISECONDS FILE");
	int count = atoi(argv[2]);
	int64_t nanos = atoi(argv[3]) * 1000000LL;
	open_file(argv[1], argv[4]);
	errno = -io_uring_queue_init(count, &ring, 0);
	must(-errno, "io_uring_setup");
	char *buffers = aligned_alloc(BLOCK, (size_t) count * BLOCK);
	memset(buffers, 'x', (size_t) count * BLOCK);
	if (strcmp(argv[1], "cached") == 0)
		read_whole(buffers);
	struct lane *lanes = calloc(count, sizeof(struct lane));
	for (int i = 0; i < count; i++) {
		lanes[i].buffer = buffers + (size_t) i * BLOCK;
		begin(&lanes[i]);
	}
	run(nanos / 5);
	printf("ns %.3f\n", run(nanos));
	return 0;
}
