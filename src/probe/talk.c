#include "probe/talk.h"

#include <errno.h>
#include <sys/socket.h>

/* Answers the server's message; what cannot be sent needs no answer any more. */
static enum talk_turn
answer(struct talk *t, int fd)
{
	uint8_t buf[GOODBYE_SIZE];
	size_t len = goodbye_build(t->kind, t->round++, t->bytes, t->len, buf);
	bool first = !t->leaving;

	t->len = 0;
	t->leaving = true;
	if (len == 0)
		return first ? TALK_OVER : TALK_WAITS;
	if (send(fd, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len)
		return TALK_OVER;
	return first ? TALK_LEAVES : TALK_WAITS;
}

enum talk_turn
talk_turn(struct talk *t, int fd, int *error)
{
	ssize_t n = recv(
	    fd, t->bytes + t->len, sizeof(t->bytes) - t->len, MSG_DONTWAIT);

	*error = 0;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return TALK_WAITS;
	if (n <= 0) {
		*error = n < 0 ? errno : 0;
		return TALK_OVER;
	}
	t->len += (size_t)n;
	if (!t->leaving) {
		t->kind = goodbye_recognise(t->bytes, t->len);
		if (t->kind == GOODBYE_INCOMPLETE && t->len < sizeof(t->bytes))
			return TALK_WAITS;
	}
	return answer(t, fd);
}

bool
talk_heard(const struct talk *t)
{
	return t->leaving || t->len > 0;
}
