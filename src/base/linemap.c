#include "base/linemap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

struct segment {
	unsigned joined;
	struct diag_pos pos;
};

struct linemap {
	struct segment *segments;
	size_t nsegments, csegments;
	char **files;
	size_t nfiles, cfiles;
	bool taken;
};

struct linemap *
linemap_new(void)
{
	return mem_new(struct linemap);
}

void
linemap_free(struct linemap *m)
{
	if (m == NULL)
		return;
	if (!m->taken) {
		for (size_t i = 0; i < m->nfiles; i++)
			free(m->files[i]);
		free(m->files);
	}
	free(m->segments);
	free(m);
}

const char *
linemap_file(struct linemap *m, const char *name)
{
	mem_grow(m->files, m->nfiles, m->cfiles);
	return m->files[m->nfiles++] = mem_strdup(name);
}

void
linemap_add(struct linemap *m, unsigned joined, const char *file, unsigned line)
{
	mem_grow(m->segments, m->nsegments, m->csegments);
	m->segments[m->nsegments++] = (struct segment){ joined, { file, line } };
}

struct diag_pos
linemap_pos(const struct linemap *m, unsigned joined)
{
	struct diag_pos pos;
	size_t low = 0;
	size_t high = m->nsegments;

	/* The last segment that begins at or before the line. */
	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (m->segments[mid].joined <= joined)
			low = mid;
		else
			high = mid;
	}
	pos = m->segments[low].pos;
	if (joined > m->segments[low].joined)
		pos.line += joined - m->segments[low].joined;
	return pos;
}

char **
linemap_take_files(struct linemap *m, size_t *n)
{
	m->taken = true;
	*n = m->nfiles;
	return m->files;
}
