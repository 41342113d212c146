#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "probe/probe_connect.h"
#include "probe/talk.h"

/*
 * TLS: connect, shake hands, look at version and certificate, leave.  Whatever a server
 * speaks is accepted and nothing is verified: the question is what it does, not whether
 * we would trust it.  No client certificate is ever offered.
 *
 * A hello is garbage to a mail server that speaks in plain words, and would stand in
 * its log as so many wrong commands.  So who has not shaken hands yet is listened to
 * for a moment, and who has greeted in plain words before for longer: such a server
 * hears a goodbye and no hello.
 */

enum stage { CONNECTING, LISTENING, SAID_HELLO, SHAKING };

#define LISTEN_MS 300 /* to who may be one that speaks first, at most */

struct tls {
	SSL *ssl; /* NULL while we listen */
	struct talk talk;
};

#define RECORD_FIRST 20 /* RFC 8446 section 5.1: content types... */
#define RECORD_LAST  24
#define RECORD_MAJOR 3 /* ...and the version's first byte */

static void *
open_shared(struct probe_engine *e)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	(void)e;
	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_security_level(ctx, 0);
	(void)SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	(void)SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0");
	SSL_CTX_set_options(
	    ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	return ctx;
}

static void
close_shared(void *shared)
{
	SSL_CTX_free(shared);
}

static SSL *
session(const struct probe *p)
{
	const struct tls *t = p->state;

	return t->ssl;
}

static void
take_certificate(struct probe *p)
{
	X509 *cert = SSL_get0_peer_certificate(session(p));
	struct tm tm;

	if (cert != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) == 1)
		p->result.cert_expiry = (wall_t)timegm(&tm) * 1000;
}

/* What OpenSSL wants to say: a few hundred bytes, which an empty socket buffer takes.
 */
static int
flush(struct probe *p)
{
	uint8_t bytes[4096];
	int n;

	while ((n = BIO_read(SSL_get_wbio(session(p)), bytes, sizeof(bytes))) > 0) {
		if (send(p->fd, bytes, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) != n)
			return -1;
	}
	return 0;
}

static void
encrypted(struct probe *p)
{
	p->result.tls_version = SSL_get_version(session(p));
	take_certificate(p);
	/* close_notify, so that the server logs no truncated session. */
	(void)SSL_shutdown(session(p));
	(void)flush(p);
	probe_done(p, probe_connect_open(REASON_TLS_OK, 0));
}

static void
refused(struct probe *p, int error)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	/* It showed its certificate, then wanted ours: that is TLS. */
	if (SSL_get0_peer_certificate(session(p)) != NULL) {
		encrypted(p);
		return;
	}
	if (error == 0 && why != NULL)
		p->result.detail = why;
	probe_done(p, probe_connect_open(REASON_TLS_REFUSED, error));
}

static void
shake(struct probe *p)
{
	int result;

	ERR_clear_error();
	result = SSL_do_handshake(session(p));
	if (flush(p) != 0)
		refused(p, errno);
	else if (result == 1)
		encrypted(p);
	else if (SSL_get_error(session(p), result) != SSL_ERROR_WANT_READ)
		refused(p, 0);
}

/* What the peer says first decides whether it speaks TLS at all; OpenSSL's own words
 * for that differ from version to version. */
static bool
is_record(const uint8_t *bytes, ssize_t len)
{
	return bytes[0] >= RECORD_FIRST && bytes[0] <= RECORD_LAST &&
	       (len < 2 || bytes[1] == RECORD_MAJOR);
}

static void
heard(struct probe *p)
{
	uint8_t bytes[16384];
	ssize_t n = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	ERR_clear_error();
	if (n <= 0) {
		refused(p, n < 0 ? errno : 0);
		return;
	}
	if (p->stage == SAID_HELLO && !is_record(bytes, n)) {
		p->greeted = goodbye_recognise(bytes, (size_t)n) != GOODBYE_UNKNOWN;
		probe_done(p, probe_connect_open(REASON_TLS_PLAIN, 0));
		return;
	}
	p->stage = SHAKING;
	if (BIO_write(SSL_get_rbio(session(p)), bytes, (int)n) != (int)n)
		probe_fail(p, ENOMEM);
	else
		shake(p);
}

/* OpenSSL works on memory; the socket is ours, so that the first bytes can be looked at
 * and nothing is written without MSG_NOSIGNAL. */
static SSL *
new_session(struct probe *p)
{
	SSL_CTX *ctx = probe_shared(p);
	SSL *ssl = ctx != NULL ? SSL_new(ctx) : NULL;
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (ssl == NULL || in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_bio(ssl, in, out);
	SSL_set_connect_state(ssl);
	if (p->host_name[0] != '\0')
		(void)SSL_set_tlsext_host_name(ssl, p->host_name);
	return ssl;
}

static void
say_hello(struct probe *p)
{
	struct tls *t = p->state;

	t->ssl = new_session(p);
	p->stage = SAID_HELLO;
	/* As much as for the connection, and whether we listened first or not: one of
	 * few durations, as deadline.h wants. */
	probe_deadline(p, p->spec->timeout_ms);
	if (t->ssl == NULL)
		probe_fail(p, ENOTSUP);
	else
		shake(p);
}

static uint32_t
listen_ms(const struct probe *p)
{
	uint32_t ms = p->spec->timeout_ms;

	if (p->greeted_before)
		return ms / 2;
	return ms / 4 < LISTEN_MS ? ms / 4 : LISTEN_MS;
}

static void
begin(struct probe *p)
{
	p->state = mem_new(struct tls);
	if (probe_watch(p, LOOP_READ) != 0) {
		probe_fail(p, errno);
	} else if (p->answered_before) {
		say_hello(p);
	} else {
		p->stage = LISTENING;
		probe_deadline(p, listen_ms(p));
	}
}

/* It speaks first, or hangs up, and so speaks no TLS. */
static void
talk(struct probe *p)
{
	struct talk *t = &((struct tls *)p->state)->talk;
	int error;

	switch (talk_turn(t, p->fd, &error)) {
	case TALK_WAITS:
		break;
	case TALK_LEAVES:
		probe_deadline(p, TALK_LEAVE_MS);
		break;
	case TALK_OVER:
		/* A record of TLS before any hello is an alert. */
		p->greeted = talk_heard(t) && !is_record(t->bytes, 2);
		ERR_clear_error();
		if (p->greeted)
			probe_done(p, probe_connect_open(REASON_TLS_PLAIN, 0));
		else
			probe_done(p, probe_connect_open(REASON_TLS_REFUSED, error));
		break;
	}
}

static void
start(struct probe *p)
{
	bool at_once;

	if (probe_connect_start(p, 0, p->answered_before, &at_once) && at_once)
		begin(p);
}

static void
ready(struct probe *p, unsigned events)
{
	if (p->stage == LISTENING)
		talk(p);
	else if (p->stage != CONNECTING)
		heard(p);
	else if (probe_connect_finish(p, events))
		begin(p);
}

static void
expired(struct probe *p)
{
	const struct tls *t = p->state;

	if (p->stage == CONNECTING) {
		probe_connect_expired(p);
	} else if (p->stage == LISTENING && !talk_heard(&t->talk)) {
		say_hello(p); /* nothing came, which is what a TLS server does */
	} else if (p->stage == LISTENING) {
		p->greeted = true;
		probe_done(p, probe_connect_open(REASON_TLS_PLAIN, 0));
	} else {
		ERR_clear_error();
		refused(p, ETIMEDOUT);
	}
}

static void
release(struct probe *p)
{
	struct tls *t = p->state;

	SSL_free(t->ssl);
	free(t);
}

const struct probe_ops probe_tls_ops = {
	.name = "tls",
	.start = start,
	.ready = ready,
	.expired = expired,
	.release = release,
	.share = open_shared,
	.unshare = close_shared,
};
