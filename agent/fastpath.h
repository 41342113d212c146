#ifndef SVCPORT_FASTPATH_H
#define SVCPORT_FASTPATH_H

/*
 * Get and GetNext answered from PDU to PDU, without the library: the same octets, for a
 * tenth of the instructions.  Whatever is unusual is declined, and the library answers
 * it.
 */

#include <stddef.h>
#include <stdint.h>

struct mibview;

struct fastpath {
	const struct mibview *view;
	const char *context; /* that the module is registered in, "" for the default */
	uint32_t session;    /* id of the open session */
};

/* Writes the Response to `pdu` into out[size]; returns its length, 0 to decline. */
size_t fastpath_answer(const struct fastpath *f, const uint8_t *pdu, size_t len,
    uint8_t *out, size_t size);

#endif
