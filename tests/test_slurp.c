#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slurp.h"
#include "said.h"

static void
refuses(const char *path, size_t max, const char *reason)
{
	const char *why = NULL;
	size_t len;

	assert_null(slurp(path, max, &len, &why));
	assert_string_equal(why, reason);
}

static void
reads_a_whole_file(void **state)
{
	const char *file = said_file("f", "one\ntwo");
	const char *why = NULL;
	size_t len;
	char *text = slurp(file, 7, &len, &why);

	(void)state;
	assert_non_null(text);
	assert_int_equal(len, 7);
	assert_memory_equal(text, "one\ntwo", 7);
	free(text);
	free(slurp(said_file("empty", ""), 0, &len, &why));
	assert_int_equal(len, 0);
	refuses(file, 6, "File too large");
}

static void
says_why_not(void **state)
{
	char fifo[512];

	(void)state;
	snprintf(fifo, sizeof(fifo), "%s.fifo", said_file("f", ""));
	assert_int_equal(mkfifo(fifo, 0600), 0);
	refuses("/nonexistent", 10, "No such file or directory");
	refuses("/", 10, "Is a directory");
	refuses("/dev/null", 10, "it is a pipe or device, not a file");
	/* Nobody writes: an open that waits would wait for ever. */
	refuses(fifo, 10, "it is a pipe or device, not a file");
	unlink(fifo);
}

static void
reads_a_pipe_that_it_is_given(void **state)
{
	const char *why = NULL;
	char name[32];
	char *text;
	size_t len;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "text", 4), 4);
	close(fds[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", fds[0]);
	text = slurp(name, 100, &len, &why);
	assert_non_null(text);
	assert_int_equal(len, 4);
	free(text);
	close(fds[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_whole_file),
		cmocka_unit_test(says_why_not),
		cmocka_unit_test(reads_a_pipe_that_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
