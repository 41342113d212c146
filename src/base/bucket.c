#include "base/bucket.h"

#define TOKEN 1000000000

void
bucket_init(struct bucket *b, uint32_t rate, uint32_t burst, struct mono now)
{
	b->rate = rate;
	b->burst = burst > 0 ? burst : 1;
	b->tokens = (int64_t)b->burst * TOKEN;
	b->filled = now;
}

/* `rate` tokens a second are `rate` units a nanosecond. */
static void
fill(struct bucket *b, struct mono now)
{
	int64_t full = (int64_t)b->burst * TOKEN;
	int64_t ns = mono_diff_ns(now, b->filled);

	if (ns <= 0)
		return;
	b->filled = now;
	if (ns >= (full - b->tokens) / b->rate + 1)
		b->tokens = full;
	else
		b->tokens += ns * b->rate;
}

int64_t
bucket_take(struct bucket *b, struct mono now)
{
	if (b->rate == 0)
		return 0;
	fill(b, now);
	if (b->tokens >= TOKEN) {
		b->tokens -= TOKEN;
		return 0;
	}
	return (TOKEN - b->tokens) / b->rate / 1000000 + 1;
}
