#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void
out_of_memory(void)
{
	static const char msg[] = "svcport: out of memory\n";

	(void)!write(STDERR_FILENO, msg, sizeof(msg) - 1);
	abort();
}

static void *
check(void *p)
{
	if (p == NULL)
		out_of_memory();
	return p;
}

void *
mem_calloc(size_t count, size_t size)
{
	return check(calloc(count != 0 ? count : 1, size != 0 ? size : 1));
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (count == 0) {
		free(old);
		return NULL;
	}
	return check(reallocarray(old, count, size));
}

char *
mem_strdup(const char *text)
{
	return check(strdup(text));
}

char *
mem_strndup(const char *text, size_t max)
{
	return check(strndup(text, max));
}

char *
mem_printf(const char *format, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	return check(text);
}

void
mem_trim(void)
{
	(void)malloc_trim(0);
}

FILE *
mem_stream(char **text, size_t *size)
{
	return check(open_memstream(text, size));
}

void
mem_stream_end(FILE *stream)
{
	bool failed = ferror(stream) != 0;

	/* All that can go wrong in memory is that there is no more of it. */
	if (fclose(stream) != 0 || failed)
		out_of_memory();
}
