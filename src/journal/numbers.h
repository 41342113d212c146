#ifndef SVCPORT_NUMBERS_H
#define SVCPORT_NUMBERS_H

/*
 * Sequence and alarm numbers are reserved on disk in blocks before an event with such a
 * number is written: after a power failure, which may take the end of the event file,
 * they jump forward and never repeat.
 */

#include <stdint.h>

struct journal_file;

struct numbers {
	uint32_t seq, alarm; /* first ones that are not reserved on disk */
};

/* The numbers to go on with, which are reserved at once. */
void numbers_open(struct numbers *n, struct journal_file *f, uint32_t *next_seq,
    uint32_t *next_alarm);

/* Makes both numbers safe: they will not be given again, whatever happens.  `alarm` 0:
 * none.  Writes a snapshot when a block begins. */
void numbers_reserve(
    struct numbers *n, struct journal_file *f, uint32_t seq, uint32_t alarm);

#endif
