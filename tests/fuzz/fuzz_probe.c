/*
 * Bytes from the network as probes meet them: answers to each kind of question, and
 * greetings of servers that speak first, over several rounds.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/goodbye.h"
#include "probe/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
answer(uint8_t choice, const uint8_t *bytes, size_t len)
{
	static const char *const patterns[] = { "", "pong", "hex:0a0b", "hex:0" };
	struct payload payload = { .kind = (enum payload_kind)(choice % 10) };
	struct payload_args args = { .payload = &payload,
		.community = (choice & 16) != 0 ? "public" : "",
		.secret = "secret",
		.reply = patterns[choice >> 6],
		.nonce = { 1, 2, 3, 4, 5, 6, 7, 8 },
		.id = { 9, 10 } };
	uint8_t question[PAYLOAD_SIZE];
	size_t question_len;

	args.local.family = (choice & 32) != 0 ? 2 : 10;
	args.target.family = args.local.family;
	if (payload_build(&args, question, &question_len) &&
	    question_len > PAYLOAD_SIZE)
		abort();
	(void)payload_is_answer(&args, bytes, len);
}

static void
greet(const uint8_t *bytes, size_t len)
{
	enum goodbye_kind kind = goodbye_recognise(bytes, len);
	uint8_t buf[GOODBYE_SIZE];

	for (unsigned round = 0; round < 4; round++) {
		if (goodbye_build(kind, round, bytes, len, buf) > sizeof(buf))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	if (size == 0)
		return 0;
	copy = malloc(size - 1 != 0 ? size - 1 : 1); /* exact: an overrun is seen */
	memcpy(copy, data + 1, size - 1);
	answer(data[0], copy, size - 1);
	greet(copy, size - 1);
	free(copy);
	return 0;
}
