#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "publish/row.h"

static void
details_are_copies_and_never_null(void **state)
{
	char ports[] = "7001";
	struct row_detail *d = row_detail_new(
	    ports, NULL, "nginx.service", NULL, "", 7);

	(void)state;
	ports[0] = '9';
	assert_string_equal(d->open_ports, "7001");
	assert_string_equal(d->addrs, "");
	assert_string_equal(d->owner, "nginx.service");
	assert_string_equal(d->error, "");
	assert_string_equal(d->tls_version, "");
	assert_int_equal(d->cert_expiry, 7);
	row_detail_unref(d);
	assert_null(row_detail_ref(NULL));
	row_detail_unref(NULL);
}

static void *
hold_and_drop(void *arg)
{
	for (int i = 0; i < 100000; i++)
		row_detail_unref(row_detail_ref(arg));
	return NULL;
}

static void
references_are_counted_across_threads(void **state)
{
	struct row_detail *d = row_detail_new("", "", "", "", "", 0);
	pthread_t other;

	(void)state;
	assert_int_equal(pthread_create(&other, NULL, hold_and_drop, d), 0);
	hold_and_drop(d);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_int_equal(d->refs, 1);
	row_detail_unref(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(details_are_copies_and_never_null),
		cmocka_unit_test(references_are_counted_across_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
