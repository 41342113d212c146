#ifndef SVCPORT_BUCKET_H
#define SVCPORT_BUCKET_H

/* A token bucket: `rate` a second, at most `burst` at once.  Plain data. */

#include <stdint.h>

#include "base/mono.h"

struct bucket {
	uint32_t rate, burst; /* rate 0: no limit; burst at least 1 */
	int64_t tokens;       /* in 1/10^9 */
	struct mono filled;
};

/* A full bucket. */
void bucket_init(struct bucket *b, uint32_t rate, uint32_t burst, struct mono now);
/* Takes one token and returns 0, or takes none and returns in how many milliseconds
 * there will be one. */
int64_t bucket_take(struct bucket *b, struct mono now);

#endif
