#include "journal/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

struct syncer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* under the lock */
	int wanted; /* a descriptor of our own to be synced, -1 for none */
	bool at_it;
	bool stopping;
	int error;
};

/* A failure of fdatasync(2) is told once by the kernel, so it is kept here. */
static void
sync_one(struct syncer *s)
{
	int fd = s->wanted, error;

	s->wanted = -1;
	s->at_it = true;
	pthread_mutex_unlock(&s->lock);
	error = fdatasync(fd) != 0 ? errno : 0;
	close(fd);
	pthread_mutex_lock(&s->lock);
	s->at_it = false;
	if (error != 0)
		s->error = error;
}

static void *
run(void *arg)
{
	struct syncer *s = arg;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		if (s->wanted >= 0)
			sync_one(s);
		else if (s->stopping)
			break;
		else
			pthread_cond_wait(&s->wake, &s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct syncer *
syncer_new(void)
{
	struct syncer *s = mem_new(struct syncer);
	int error;

	s->wanted = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	error = pthread_create(&s->thread, NULL, run, s);
	if (error == 0)
		return s;
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
	errno = error;
	return NULL;
}

int
syncer_free(struct syncer *s)
{
	int error;

	if (s == NULL)
		return 0;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	error = s->error;
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
	return error;
}

int
syncer_ask(struct syncer *s, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0), before;

	if (copy < 0)
		return errno;
	pthread_mutex_lock(&s->lock);
	before = s->wanted;
	s->wanted = copy;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	/* A file that was replaced meanwhile: what it held was synced with the new one.
	 */
	if (before >= 0)
		close(before);
	return 0;
}

bool
syncer_busy(struct syncer *s)
{
	bool busy;

	pthread_mutex_lock(&s->lock);
	busy = s->at_it || s->wanted >= 0;
	pthread_mutex_unlock(&s->lock);
	return busy;
}

int
syncer_error(struct syncer *s)
{
	int error;

	pthread_mutex_lock(&s->lock);
	error = s->error;
	s->error = 0;
	pthread_mutex_unlock(&s->lock);
	return error;
}
