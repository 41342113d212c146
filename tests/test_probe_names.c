#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns_rig.h"
#include "probe_rig.h"
#include "probe/resolve.h"

static struct dns_rig dns;
static struct rig rig;

static int
setup(void **state)
{
	struct resolve_config names = {
		.nservers = 1, .lookups = "b", .timeout_ms = 100, .tries = 1
	};
	struct probe_config config = { .concurrency = 64, .resolve = &names };
	struct loop *loop = loop_new();

	(void)state;
	dns_open(&dns, loop);
	names.servers = &dns.addr;
	names.port = dns.port;
	rig_open_on(&rig, loop, &config);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_close(&rig);
	dns_close(&dns);
	return 0;
}

static uint32_t
add(const char *name, uint16_t port)
{
	return rig_endpoint(&rig, rig_host(&rig, name),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 300), port, 3600);
}

/* Many endpoints of a host wait for one question. */
static void
a_name_is_asked_once(void **state)
{
	uint16_t port, host, spec;
	int fd = rig_listen("127.0.0.1", &port, 64);

	(void)state;
	dns_serve(&dns, "pas.example.net", 0, 60, "127.0.0.1", NULL);
	host = rig_host(&rig, "pas.example.net");
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000);
	for (int i = 0; i < 40; i++)
		rig_endpoint(&rig, host, spec, port, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 40, 10000));
	assert_int_equal(dns.asked, 1);
	for (uint32_t i = 0; i < 40; i++) {
		assert_int_equal(rig.counts[i], 1);
		assert_int_equal(rig.results[i].state, CONNECT_OPEN);
	}
	rig_go(&rig); /* the answer survives a reload */
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 80, 10000));
	assert_int_equal(dns.asked, 1);
	close(fd);
}

static void
a_name_that_does_not_resolve(void **state)
{
	uint16_t host, spec;

	(void)state;
	host = rig_host(&rig, "gone.example.net");
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000);
	for (uint16_t i = 0; i < 30; i++)
		rig_endpoint(&rig, host, spec, (uint16_t)(80 + i), 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 30, 10000));
	for (uint32_t i = 0; i < 30; i++) {
		const struct probe_result *r = &rig.results[i];

		assert_int_equal(rig.counts[i], 1);
		assert_int_equal(r->state, CONNECT_NAME_ERROR);
		assert_int_equal(r->reason, REASON_NAME);
		assert_int_equal(r->error, ENOENT);
		assert_false(r->answered);
		assert_int_equal(r->addr.family, 0);
		assert_true(rig.details[i][0] != '\0');
	}
}

/* A silent name server holds up its own hosts only. */
static void
others_do_not_wait_for_a_name(void **state)
{
	uint16_t port;
	int fd = rig_listen("127.0.0.1", &port, 4);
	uint32_t slow, fast;

	(void)state;
	dns_serve(&dns, "silent.example.net", -1, 60, NULL, NULL);
	slow = add("silent.example.net", port);
	fast = add("127.0.0.1", port);
	rig_go(&rig);
	probe_engine_now(rig.engine, slow);
	probe_engine_now(rig.engine, fast);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.counts[fast], 1);
	assert_true(rig_until(&rig, 2, 10000));
	assert_int_equal(rig.results[slow].state, CONNECT_NAME_ERROR);
	assert_int_equal(rig.results[slow].error, ETIMEDOUT);
	close(fd);
}

/* One refuses, the next listens: one result, and from then on that one comes first. */
static void
the_next_address_is_tried(void **state)
{
	uint16_t port;
	int fd = rig_listen("127.0.0.3", &port, 4);
	uint32_t id;
	char text[ADDR_TEXT];

	(void)state;
	dns_serve(&dns, "pair.example.net", 0, 60, "127.0.0.2", NULL);
	dns.records[0].v4[1] = "127.0.0.3";
	id = add("pair.example.net", port);
	rig_go(&rig);
	for (uint32_t i = 1; i <= 3; i++) {
		probe_engine_now(rig.engine, id);
		assert_true(rig_until(&rig, i, 5000));
		assert_int_equal(rig.results[id].state, CONNECT_OPEN);
		assert_string_equal(
		    addr_format(&rig.results[id].addr, text), "127.0.0.3");
	}
	close(fd);
	probe_engine_now(rig.engine, id);
	assert_true(rig_until(&rig, 4, 5000));
	assert_int_equal(rig.results[id].state, CONNECT_CLOSED);
	assert_int_equal(rig.counts[id], 4);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_name_is_asked_once),
		TEST(a_name_that_does_not_resolve),
		TEST(others_do_not_wait_for_a_name),
		TEST(the_next_address_is_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
