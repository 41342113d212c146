#include "base/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static bool
is_handed_over(const char *path)
{
	return strcmp(path, "/dev/stdin") == 0 || strncmp(path, "/dev/fd/", 8) == 0;
}

/* Returns 0 or an errno. */
static int
read_all(int fd, size_t max, char **text, size_t *len)
{
	size_t cap = 0;
	ssize_t n;

	do {
		if (*len > max)
			return EFBIG;
		if (*len == cap) {
			cap = cap != 0 ? 2 * cap : 65536;
			*text = mem_resize(*text, cap, 1);
		}
		n = read(fd, *text + *len, cap - *len);
		*len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? errno : 0;
}

char *
slurp(const char *path, size_t max, size_t *len, const char **why)
{
	bool wait = is_handed_over(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | (wait ? 0 : O_NONBLOCK));
	char *text = NULL;
	struct stat st;
	int error;

	*len = 0;
	if (fd < 0) {
		*why = strerror(errno);
		return NULL;
	}
	if (fstat(fd, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || wait)) {
		error = read_all(fd, max, &text, len);
		*why = strerror(error);
	} else {
		error = EINVAL;
		*why = "it is a pipe or device, not a file";
	}
	close(fd);
	if (error == 0)
		return text;
	free(text);
	return NULL;
}
