#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe_rig.h"

#define DAYS 30

static const struct probe_config plain = { .concurrency = 8 };

/* ---- servers, each a process of its own */

struct server {
	pid_t pid;
	uint16_t port;
	wall_t expiry;
};

/* What servers that speak first have heard, of all their connections. */
static char *heard;
static unsigned greeting_delay_ms;

static EVP_PKEY *key;
static X509 *cert;

static int
make_certificate(void **state)
{
	X509_NAME *name;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	heard = mmap(
	    NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(heard != MAP_FAILED);
	key = EVP_EC_gen("P-256");
	cert = X509_new();
	assert_non_null(key);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), DAYS * 86400L);
	name = X509_get_subject_name(cert);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_ASC, (const unsigned char *)"svcport test", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return 0;
}

static int
free_certificate(void **state)
{
	(void)state;
	X509_free(cert);
	EVP_PKEY_free(key);
	return 0;
}

static int
accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

/* One connection, TLS of this version only. */
static void
serve_tls(int conn, int version, bool with_cert, bool want_client_cert)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	SSL *ssl;
	char byte;

	if (version == TLS1_VERSION)
		SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0");
	SSL_CTX_set_min_proto_version(ctx, version);
	SSL_CTX_set_max_proto_version(ctx, version);
	if (with_cert) {
		SSL_CTX_use_certificate(ctx, cert);
		SSL_CTX_use_PrivateKey(ctx, key);
	}
	if (want_client_cert)
		SSL_CTX_set_verify(
		    ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
	ssl = SSL_new(ctx);
	SSL_set_fd(ssl, conn);
	if (SSL_accept(ssl) == 1) {
		(void)SSL_read(ssl, &byte, 1);
		SSL_shutdown(ssl);
	}
}

static void
tls13(int conn)
{
	serve_tls(conn, TLS1_3_VERSION, true, false);
}

static void
tls12(int conn)
{
	serve_tls(conn, TLS1_2_VERSION, true, false);
}

/* What an appliance of ten years ago speaks is found out, not refused. */
static void
tls10(int conn)
{
	serve_tls(conn, TLS1_VERSION, true, false);
}

static void
tls12_wants_certificate(int conn)
{
	serve_tls(conn, TLS1_2_VERSION, true, true);
}

static void
no_certificate(int conn)
{
	serve_tls(conn, TLS1_2_VERSION, false, false);
}

static void
plain_http(int conn)
{
	char request[2048];

	(void)!read(conn, request, sizeof(request));
	(void)!write(conn, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
	sleep(1);
}

static void
speaks_first(int conn)
{
	(void)!write(conn, "220 ready\r\n", 11);
	sleep(5);
}

static void
alerts_first(int conn)
{
	(void)!write(conn, "\x15\x03\x03\x00\x02\x02\x28", 7);
}

static void
hangs_up(int conn)
{
	char byte;

	(void)!read(conn, &byte, 1);
}

static void
silent(int conn)
{
	(void)conn;
	sleep(5);
}

static void
mail(int conn)
{
	char bytes[4096];
	ssize_t n;

	usleep(greeting_delay_ms * 1000);
	(void)!write(conn, "220 mail.example ESMTP\r\n", 24);
	n = read(conn, bytes, sizeof(bytes) - 1);
	if (n > 0) {
		bytes[n] = '\0';
		strcat(heard, bytes[0] == 'Q' ? bytes : "garbage ");
	}
}

/* Speaks TLS once, and is a mail server from then on. */
static void
tls_then_mail(int conn)
{
	static unsigned n; /* of this server's process */

	if (n++ == 0)
		tls13(conn);
	else
		mail(conn);
}

/* The other way round; and its handshake takes 1.3 seconds. */
static void
mail_then_slow_tls(int conn)
{
	static unsigned n;
	char byte;

	if (n++ == 0) {
		mail(conn);
		return;
	}
	(void)!recv(conn, &byte, 1, MSG_PEEK);
	usleep(1300000);
	tls13(conn);
}

static void
start_server(struct server *s, void (*serve)(int conn))
{
	int fd = rig_listen("127.0.0.1", &s->port, 4);

	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		for (;;) {
			int conn = accept(fd, NULL, NULL);

			if (conn < 0)
				_exit(0);
			serve(conn);
			close(conn);
		}
	}
	close(fd);
}

static void
stop_server(struct server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

static void
probe(struct rig *rig, void (*serve)(int conn), uint32_t timeout_ms)
{
	struct server s;

	start_server(&s, serve);
	rig_open(rig, &plain);
	rig_endpoint(rig, rig_host(rig, "127.0.0.1"),
	    rig_spec(rig, METHOD_TLS, PROTO_TCP, timeout_ms), s.port, 60);
	rig_go(rig);
	assert_true(rig_until(rig, 1, 15000));
	stop_server(&s);
}

/* ---- */

static void
version_and_expiry_are_seen(void **state)
{
	static const struct {
		void (*serve)(int conn);
		const char *version;
	} cases[] = { { tls13, "TLSv1.3" }, { tls12, "TLSv1.2" }, { tls10, "TLSv1" },
		/* it wants what we never offer; it is TLS all the same */
		{ tls12_wants_certificate, "TLSv1.2" } };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct rig rig;
		wall_t expected = wall_now() + DAYS * INT64_C(86400000);
		const struct probe_result *r;

		probe(&rig, cases[i].serve, 8000);
		r = &rig.results[0];
		assert_int_equal(r->state, CONNECT_OPEN);
		assert_int_equal(r->reason, REASON_TLS_OK);
		assert_string_equal(r->tls_version, cases[i].version);
		assert_true(r->cert_expiry > expected - 86400000);
		assert_true(r->cert_expiry < expected + 86400000);
		assert_true(r->rtt_us > 0);
		rig_close(&rig);
	}
}

static void
assert_not_encrypted(void (*serve)(int conn), uint32_t timeout_ms, enum reason reason)
{
	struct rig rig;
	const struct probe_result *r;

	probe(&rig, serve, timeout_ms);
	r = &rig.results[0];
	assert_int_equal(r->reason, reason);
	assert_int_equal(r->state, CONNECT_OPEN); /* the port is */
	assert_string_equal(r->tls_version, "");
	assert_int_equal(r->cert_expiry, 0);
	assert_true(r->answered);
	rig_close(&rig);
}

static void
plain_is_told_from_refused(void **state)
{
	(void)state;
	assert_not_encrypted(plain_http, 8000, REASON_TLS_PLAIN);
	assert_not_encrypted(speaks_first, 8000, REASON_TLS_PLAIN);
	assert_not_encrypted(no_certificate, 8000, REASON_TLS_REFUSED);
	assert_not_encrypted(hangs_up, 8000, REASON_TLS_REFUSED);
	assert_not_encrypted(alerts_first, 8000, REASON_TLS_REFUSED);
	assert_not_encrypted(silent, 300, REASON_TLS_REFUSED);
}

/* Looks `n` times at a server that greets so late; returns what that one has heard. */
static const char *
looks_at_mail(unsigned delay_ms, uint32_t n)
{
	struct server s;
	struct rig rig;

	heard[0] = '\0';
	greeting_delay_ms = delay_ms;
	start_server(&s, mail);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_TLS, PROTO_TCP, 8000), s.port, 60);
	rig_go(&rig);
	for (uint32_t i = 1; i <= n; i++) {
		assert_true(rig_until(&rig, i, 15000));
		assert_int_equal(rig.results[0].reason, REASON_TLS_PLAIN);
		probe_engine_now(rig.engine, 0);
	}
	rig_close(&rig);
	stop_server(&s);
	return heard;
}

static void
a_plain_mail_server_hears_a_goodbye(void **state)
{
	(void)state;
	assert_string_equal(looks_at_mail(20, 1), "QUIT\r\n");
}

/* Once it is known to greet, it is given the time. */
static void
one_that_greets_late_hears_garbage_once(void **state)
{
	(void)state;
	assert_string_equal(looks_at_mail(700, 3), "garbage QUIT\r\nQUIT\r\n");
}

/* Looks twice, as if the plan had been set anew in between; the server hears that. */
static void
two_looks(void (*serve)(int conn), uint32_t timeout_ms, enum reason first,
    enum reason second, const char *hears)
{
	struct server s;
	struct rig rig;

	heard[0] = '\0';
	greeting_delay_ms = 20;
	start_server(&s, serve);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_TLS, PROTO_TCP, timeout_ms), s.port, 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 15000));
	assert_int_equal(rig.results[0].reason, first);
	/* As the monitor does; what it recalls it knows of UDP only. */
	probe_engine_answers(rig.engine, 0, false);
	probe_engine_now(rig.engine, 0);
	assert_true(rig_until(&rig, 2, 15000));
	assert_int_equal(rig.results[0].reason, second);
	for (int i = 0; i < 1000 && strcmp(heard, hears) != 0; i++)
		rig_for(&rig, 5);
	assert_string_equal(heard, hears);
	rig_close(&rig);
	stop_server(&s);
}

static void
who_shook_hands_is_not_listened_to(void **state)
{
	(void)state;
	two_looks(tls_then_mail, 8000, REASON_TLS_OK, REASON_TLS_PLAIN, "garbage ");
}

/* The second look listens for a second, and then waits for two. */
static void
listening_takes_no_time_from_the_handshake(void **state)
{
	(void)state;
	two_looks(
	    mail_then_slow_tls, 2000, REASON_TLS_PLAIN, REASON_TLS_OK, "QUIT\r\n");
}

static void
a_closed_port_is_closed(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_TLS, PROTO_TCP, 1000),
	    rig_free_port("127.0.0.1", SOCK_STREAM), 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[0].state, CONNECT_CLOSED);
	assert_int_equal(rig.results[0].reason, REASON_REFUSED);
	rig_close(&rig);
}

/* A handshake in flight ends with the engine; a sanitizer would see a leak. */
static void
cancelled_in_the_handshake(void **state)
{
	struct server s;
	struct rig rig;

	(void)state;
	start_server(&s, silent);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_TLS, PROTO_TCP, 8000), s.port, 60);
	rig_go(&rig);
	rig_for(&rig, 300);
	assert_int_equal(rig.total, 0);
	rig_close(&rig);
	stop_server(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_and_expiry_are_seen),
		cmocka_unit_test(plain_is_told_from_refused),
		cmocka_unit_test(a_plain_mail_server_hears_a_goodbye),
		cmocka_unit_test(one_that_greets_late_hears_garbage_once),
		cmocka_unit_test(who_shook_hands_is_not_listened_to),
		cmocka_unit_test(listening_takes_no_time_from_the_handshake),
		cmocka_unit_test(a_closed_port_is_closed),
		cmocka_unit_test(cancelled_in_the_handshake),
	};

	return cmocka_run_group_tests(tests, make_certificate, free_certificate);
}
