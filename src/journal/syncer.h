#ifndef SVCPORT_SYNCER_H
#define SVCPORT_SYNCER_H

/*
 * A thread that does nothing but wait for the disk: fdatasync(2) takes 20 to 150 ms on
 * a common disk, and an event that comes meanwhile is to be written, and sent, at once.
 * write(2) to a file that is being synced does not wait (it goes to the page cache).
 *
 * One thread, the journal's, calls all of these; the syncer never touches the files.
 */

#include <stdbool.h>

struct syncer;

/* NULL with errno when there is no thread to be had. */
struct syncer *syncer_new(void);
/* Waits for the sync that is under way, and for the one asked for; returns as
 * syncer_error() would then.  NULL is fine. */
int syncer_free(struct syncer *s);

/*
 * Has everything synced that has been written to `fd` until now, which may be closed
 * afterwards: now, or when the sync that is under way has ended.  Never waits.  Returns
 * 0, or an error number when the descriptor cannot be kept (EMFILE).
 */
int syncer_ask(struct syncer *s, int fd);

/* False when all that was asked for is done. */
bool syncer_busy(struct syncer *s);

/* The error number of a sync that failed since the last call, 0 for none. */
int syncer_error(struct syncer *s);

#endif
