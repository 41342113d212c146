#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"
#include "plan/plan.h"
#include "plan/workload.h"

static struct site site = { .file = (char *)"site.cfg" };
static struct probe_spec spec = { .timeout_ms = 4000 };
static struct endpoint endpoints[6000];
static struct plan plan = {
	.site = &site, .specs = &spec, .nspecs = 1, .endpoints = endpoints
};

/* So many endpoints, each once in so many seconds. */
static void
work(uint32_t n, uint32_t interval)
{
	plan.nendpoints = n;
	for (uint32_t i = 0; i < n; i++)
		endpoints[i].interval = interval;
}

static void
rates_and_times_add_up(void **state)
{
	struct workload w;

	(void)state;
	work(6000, 60);
	w = workload_of(&plan);
	/* 100 a second and a tenth of that, and one */
	assert_int_equal(w.starts, 111);
	/* of 100 a second 10 for 4 s, 90 for 0.1 s */
	assert_int_equal(w.usual, 55);
	assert_int_equal(w.at_most, 441);
	assert_int_equal(workload_concurrency(&w), WORKLOAD_LEAST);
	work(6000, 10);
	w = workload_of(&plan);
	assert_int_equal(w.at_most, 2641);
	assert_int_equal(workload_concurrency(&w), 2641);
	work(6000, 1);
	w = workload_of(&plan);
	assert_int_equal(workload_concurrency(&w), WORKLOAD_MOST);
	work(0, 1);
	w = workload_of(&plan);
	assert_int_equal(w.at_most, 1);
}

static void
warns(const char *message)
{
	struct diag *d = diag_new();
	char line[1400];

	workload_check(&plan, d);
	assert_int_equal(diag_count(d), message != NULL);
	assert_int_equal(diag_errors(d), 0);
	if (message != NULL)
		assert_string_equal(
		    diag_format(diag_get(d, 0), line, sizeof(line)), message);
	diag_free(d);
}

static void
caps_that_are_too_low_are_told(void **state)
{
	(void)state;
	work(6000, 60);
	warns(NULL);
	site.probe.concurrency = 55;
	warns(NULL);
	site.probe.concurrency = 54;
	warns("site.cfg: warning: probe.concurrency 54 is too low for 6000 endpoints: "
	      "when one in ten is silent 55 probes are under way at once; rounds will "
	      "take longer than the interval");
	site.probe.concurrency = 0;
	site.probe.rate = 110;
	warns("site.cfg: warning: probe.rate 110 is too low for 6000 endpoints: their "
	      "intervals want 111 starts a second; rounds will take longer than the "
	      "interval");
	site.probe.rate = 111;
	warns(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_and_times_add_up),
		cmocka_unit_test(caps_that_are_too_low_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
