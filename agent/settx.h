#ifndef SVCPORT_SETTX_H
#define SVCPORT_SETTX_H

/*
 * SET: what may be written, and the phases of a transaction.  A master agent runs one
 * transaction at a time: RESERVE for every object, then ACTION for every object, then
 * one end; a failed ACTION is followed by UNDO for all objects, those it never reached
 * included.  A write becomes a command to the watching thread at ACTION; the row shows
 * it when that thread has obeyed.
 *
 * Knows nothing of the library.  Publishing thread only.
 */

#include <stddef.h>
#include <stdint.h>

struct feed;
struct mibview;
struct settx;

/* The numbers of RFC 3416, 3. */
enum settx_error {
	SETTX_OK = 0,
	SETTX_WRONG_TYPE = 7,
	SETTX_WRONG_VALUE = 10,
	SETTX_NO_CREATION = 11,
	SETTX_UNAVAILABLE = 13,
	SETTX_COMMIT_FAILED = 14, /* the only error that ACTION may have, and below */
	SETTX_UNDO_FAILED = 15,   /* UNDO (RFC 2741, 7.2.4.2 and 7.2.4.3) */
	SETTX_NOT_WRITABLE = 17,
};

#define SETTX_PROBE_SECONDS 10 /* between two svcPortProbeNow */

/* `view` and `feed` must outlive the handle. */
struct settx *settx_new(const struct mibview *view, struct feed *feed);
void settx_free(struct settx *t);

/* The beginning of a transaction, or the loss of the master: forgets what was open. */
void settx_begin(struct settx *t, long id);

/* May `name` (below the root) be set to this?  `type` is the tag on the wire.  Nothing
 * happens yet. */
enum settx_error settx_reserve(
    const struct settx *t, const uint32_t *name, size_t len, int type, int64_t value);

/* Does it, remembering how it was.  Any other id than settx_begin() had is refused. */
enum settx_error settx_action(
    struct settx *t, long id, const uint32_t *name, size_t len, int64_t value);

/* Takes back what the transaction did; may be called again. */
enum settx_error settx_undo(struct settx *t, long id);

/* It holds. */
void settx_end(struct settx *t, long id);

#endif
