#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "said.h"

#define FILES_MAX 64

static struct {
	char dir[64];
	char *paths[FILES_MAX];
	size_t n;
} made;

static void
remove_all(void)
{
	for (size_t i = 0; i < made.n; i++) {
		unlink(made.paths[i]);
		free(made.paths[i]);
	}
	rmdir(made.dir);
}

void
said_exactly(struct diag *d, const char *const *want, size_t n)
{
	size_t count = diag_count(d);
	bool same = count == n;
	char line[1400];

	for (size_t i = 0; i < count && i < n; i++) {
		diag_format(diag_get(d, i), line, sizeof(line));
		if (strcmp(line, want[i]) != 0) {
			print_error("want: %s\nhave: %s\n", want[i], line);
			same = false;
		}
	}
	for (size_t i = n; i < count; i++)
		print_error(
		    "have: %s\n", diag_format(diag_get(d, i), line, sizeof(line)));
	for (size_t i = count; i < n; i++)
		print_error("want: %s\n", want[i]);
	diag_free(d);
	assert_true(same);
}

void
said_nothing(struct diag *d)
{
	said_exactly(d, NULL, 0);
}

const char *
said_file(const char *name, const char *content)
{
	const char *base = getenv("TMPDIR");
	char *path;
	FILE *f;

	if (made.n == 0) {
		snprintf(made.dir, sizeof(made.dir), "%s/svcport.XXXXXX",
		    base != NULL && strlen(base) < 40 ? base : "/tmp");
		assert_non_null(mkdtemp(made.dir));
		atexit(remove_all);
	}
	assert_true(made.n < FILES_MAX);
	assert_true(asprintf(&path, "%s/%s", made.dir, name) > 0);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
	made.paths[made.n++] = path;
	return path;
}
