#include "base/slurp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

char *
slurp(const char *path, size_t max, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0;
	int saved;

	if (f == NULL)
		return NULL;
	*len = 0;
	do {
		cap = cap != 0 ? 2 * cap : 65536;
		text = mem_resize(text, cap, 1);
		*len += fread(text + *len, 1, cap - *len, f);
	} while (*len == cap && cap <= max);
	saved = ferror(f) ? errno : *len > max ? EFBIG : 0;
	fclose(f);
	if (saved != 0) {
		free(text);
		text = NULL;
		errno = saved;
	}
	return text;
}
