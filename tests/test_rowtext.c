#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "planfix.h"
#include "model/reason.h"
#include "publish/row.h"
#include "publish/rowtext.h"
#include "base/utf8.h"

static const char services[] =
    "1 web tcp 443 client server alternative = 'w';\n"
    "2 web-alt tcp 8443 client server alternative = 'w'; feature = 'f';\n"
    "3 range tcp 5000-5003 client server policy = 'every'; versions = '< 2';\n";

static struct plan *
remote(void)
{
	return planfix(services, "versions = ['app:3']; viewpoint = 'all';"
				 "hosts = ({ name = 'me'; local = true; },"
				 "{ name = 's2'; id = 2; roles = ['app:server']; });");
}

static void
says(const struct plan *p, uint32_t check, const struct row *row, const char *want)
{
	char text[256];

	assert_string_equal(rowtext_reason(p, check, row, text, sizeof(text)), want);
}

static void
words_and_citation(void **state)
{
	struct plan *p = planfix(services,
	    "hosts = ({ name = 'me'; local = true; roles = ['app:server']; });");
	struct row row = { .reason = REASON_NOT_LISTENING };

	(void)state;
	says(p, 0, &row, "no socket listens on it [The Document, Section, line 1]");
	row.reason = REASON_SEE;
	row.other = 1;
	says(p, 0, &row,
	    "judged together with its alternative app/web-alt@me [The Document, "
	    "Section, line 1]");
	row.reason = REASON_SATISFIED_BY;
	row.other = 0;
	says(p, 1, &row,
	    "optional while its feature is not in use; satisfied by an open "
	    "alternative app/web@me [The Document, Section, line 2]");
	row.reason = REASON_PARTIAL;
	row.open_ports = 3;
	says(
	    p, 2, &row, "3 of 4 documented ports open [The Document, Section, line 3]");
	row.reason = REASON_SCAN_FAILED;
	row.error = EPERM;
	says(p, 0, &row,
	    "the local sockets could not be read: Operation not permitted [The "
	    "Document, Section, line 1]");
	plan_unref(p);
}

static void
from_elsewhere(void **state)
{
	struct plan *p = remote();
	struct row row = { .reason = REASON_REFUSED };
	char text[256];

	(void)state;
	says(p, 0, &row,
	    "connection refused; seen from here, not from a documented source [The "
	    "Document, Section, line 1]");
	says(p, 2, &row,
	    "not in the product's version here; connection refused; seen from here, "
	    "not from a documented source [The Document, Section, line 3]");
	assert_string_equal(rowtext_why(p, 0, &row, text, sizeof(text)),
	    "connection refused; seen from here, not from a documented source");
	row.flags = ROW_LATE;
	assert_string_equal(rowtext_why(p, 0, &row, text, sizeof(text)),
	    "connection refused; seen from here, not from a documented source; "
	    "probing is behind its schedule");
	plan_unref(p);
}

static void
from_where_it_must_be_closed(void **state)
{
	struct plan *p = planfix("1 vx udp 8472 server server scope = 'from';",
	    "viewpoint = 'all'; hosts = ({ name = 'me'; local = true; }, { name = "
	    "'s2'; "
	    "id = 2; address = '192.0.2.2'; roles = ['app:server']; });");
	struct row row = { .reason = REASON_ANSWERED };

	(void)state;
	says(p, 0, &row,
	    "open to its documented sources only; answered; seen from here, not from a "
	    "documented source [The Document, Section, line 1]");
	plan_unref(p);
}

/* What gives way is the title, then the words; section and line stay. */
static void
the_line_is_never_cut(void **state)
{
	static const char end[] = "Section, line 2]";
	struct plan *p = remote();
	struct row row = { .reason = REASON_SEE, .other = 0 };
	char whole[512];
	char text[512];

	(void)state;
	rowtext_reason(p, 1, &row, whole, sizeof(whole));
	for (size_t size = sizeof(end) + 3; size <= strlen(whole) + 2; size++) {
		size_t len;

		memset(text, '#', sizeof(text));
		rowtext_reason(p, 1, &row, text, size);
		len = strlen(text);
		assert_true(len < size);
		assert_true(utf8_valid(text));
		if (strcmp(text + len - strlen(end), end) != 0)
			fail_msg("%zu octets: \"%s\"", size, text);
		/* No more is cut than has to be, but for words not worth a stump. */
		if (len < strlen(whole) && len + 24 < size)
			fail_msg("only %zu of %zu octets: \"%s\"", len, size, text);
	}
	assert_string_equal(rowtext_reason(p, 1, &row, text, strlen(whole) + 1), whole);
	rowtext_reason(p, 1, &row, text, strlen(whole));
	assert_non_null(strstr(text, "[The Docu..., Section, line 2]"));
	plan_unref(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_citation),
		cmocka_unit_test(from_elsewhere),
		cmocka_unit_test(from_where_it_must_be_closed),
		cmocka_unit_test(the_line_is_never_cut),
	};

	return cmocka_run_group_tests_name("rowtext", tests, NULL, NULL);
}
