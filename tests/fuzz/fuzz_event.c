/*
 * libFuzzer target: no octets are decoded into an event but those that encode it.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "journal/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t again[EVENT_ENCODED_MAX];
	struct event e;

	if (event_decode(data, size, &e) != 0)
		return 0;
	if (event_encode(&e, again, sizeof(again)) != size ||
	    memcmp(data, again, size) != 0)
		abort();
	return 0;
}
