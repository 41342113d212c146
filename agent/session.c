#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/agent_callbacks.h>

#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "axpdu.h"
#include "base/log.h"
#include "base/mono.h"
#include "transport.h"

#define NAME           "svcportd"
#define AGENTX_VERSION 193     /* AGENTX_VERSION_1 of the library's private header */
#define TIMEOUT_US     1000000 /* for Open, Register and Close */
#define RECONNECT_S    1
#define LOOK_MS        100 /* for the socket, without a master */
#define UNIX_PREFIX    "axunix:"
#define LOG_LINES      20 /* of the library, a minute */
/* Between a refused registration and the next attempt.  The first is often only the
 * master not having noticed yet that our former process is gone. */
#define REFUSED_SOON_S  2
#define REFUSED_LATER_S 30

static struct {
	const struct session_events *events;
	struct snmp_session *open; /* NULL without a connection */
	uint32_t generation;
	bool ending;         /* whatever the master does now is of no interest */
	bool told;           /* the loss of the master was logged */
	int told_why;        /* and with it this errno */
	unsigned refusal;    /* a registration was refused with this error */
	struct mono refused; /* when one last was */
	struct mono drop;    /* when to drop the connection, to try anew */
	char address[128];
	struct stat seen;  /* the socket's file */
	struct mono eager; /* until when every look is an attempt */
} self;

void
session_environment(void)
{
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "/dev/null", 1);
	setenv("SNMPCONFPATH", "/dev/null", 1);
	setenv(
	    "SNMP_PERSISTENT_DIR", "/dev/null", 1); /* it makes the directory itself */
}

/* The library's own lines: rate limited, because some come once a second for as long as
 * the master is away. */
static int
on_log(int major, int minor, void *server, void *client)
{
	static struct log_limit limit;
	const struct snmp_log_message *m = server;
	size_t len = strcspn(m->msg, "\n");
	unsigned skipped = 0;
	struct timespec ts;

	(void)major, (void)minor, (void)client;
	if (m->priority > LOG_WARNING || self.ending) {
		log_debug("agentx", "net-snmp: %.*s", (int)len, m->msg);
		return 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &ts);
	if (!log_allow(&limit, LOG_LINES, ts.tv_sec, &skipped))
		return 0;
	if (skipped > 0)
		log_warn("agentx", "net-snmp: %u lines left out", skipped);
	log_warn("agentx", "net-snmp: %.*s", (int)len, m->msg);
	return 0;
}

/* A session is born with five resends on a stream that loses nothing: each would be
 * delivered. */
static int
on_session_init(int major, int minor, void *server, void *client)
{
	struct snmp_session *s = server;

	(void)major, (void)minor, (void)client;
	if (s->version == AGENTX_VERSION) {
		s->timeout = TIMEOUT_US;
		s->retries = 0;
	}
	return 0;
}

/* Is there another socket file than the one seen last? */
static bool
socket_is_new(void)
{
	struct stat st;

	if (strncmp(self.address, UNIX_PREFIX, strlen(UNIX_PREFIX)) != 0 ||
	    stat(self.address + strlen(UNIX_PREFIX), &st) == -1 ||
	    (st.st_ino == self.seen.st_ino && st.st_dev == self.seen.st_dev &&
		st.st_ctim.tv_sec == self.seen.st_ctim.tv_sec &&
		st.st_ctim.tv_nsec == self.seen.st_ctim.tv_nsec))
		return false;
	self.seen = st;
	return true;
}

/* As people write it. */
static const char *
address(void)
{
	size_t n = strlen(UNIX_PREFIX);

	if (strncmp(self.address, UNIX_PREFIX, n) == 0)
		return self.address + n;
	return self.address + strlen("ax");
}

static const char *
advice(int error)
{
	switch (error) {
	case ENOENT:
		return " (is snmpd running, with \"master agentx\"?)";
	case EACCES:
		return " (agentXPerms in snmpd.conf(5) says who may use it)";
	case ECONNREFUSED:
		return " (is snmpd running?)";
	default:
		return "";
	}
}

/* Once, and again when there is another reason. */
static void
tell_why(void)
{
	int error = transport_error();

	if (self.told && error == self.told_why)
		return;
	log_warn("agentx", "no master agent at %s%s%s%s: trying again every second",
	    address(), error != 0 ? ": " : "", error != 0 ? strerror(error) : "",
	    advice(error));
	self.told = true;
	self.told_why = error;
}

static int
on_up(int major, int minor, void *server, void *client)
{
	(void)major, (void)minor, (void)client;
	self.open = server;
	self.generation++;
	self.told = false;
	socket_is_new();
	log_info("agentx", "connected to the master agent at %s", address());
	self.events->up(self.events->arg, self.open, self.generation);
	return 0;
}

static int
on_down(int major, int minor, void *server, void *client)
{
	(void)major, (void)minor, (void)server, (void)client;
	self.open = NULL;
	self.refusal = 0;
	self.drop = MONO_NEVER;
	self.events->down(self.events->arg);
	if (!self.told && !self.ending)
		log_warn("agentx",
		    "lost the master agent at %s: trying again every second",
		    address());
	self.told = true;
	self.told_why = 0;
	return 0;
}

static void
on_error(void *arg, unsigned error)
{
	(void)arg;
	if (error == AXPDU_DUPLICATE_REGISTRATION || error == AXPDU_REQUEST_DENIED ||
	    error == AXPDU_UNSUPPORTED_CONTEXT)
		self.refusal = error;
}

/* The master has given the subtree to somebody else, or does not take it: a session
 * with nothing in it would stand for ever. */
static void
refused(struct mono now)
{
	bool again = self.refused.ns != 0 &&
	             mono_before(now, mono_add_s(self.refused, 2 * REFUSED_LATER_S));

	if (!again)
		log_error("agentx",
		    "the master agent refuses the registration (error %u%s): trying "
		    "again",
		    self.refusal,
		    self.refusal == AXPDU_DUPLICATE_REGISTRATION
			? ", somebody else has the subtree; a second svcportd wants "
			  "another context"
			: "");
	self.refusal = 0;
	self.refused = now;
	self.drop = mono_add_s(now, again ? REFUSED_LATER_S : REFUSED_SOON_S);
}

static void
set_options(void)
{
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_string(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, self.address);
}

void
session_init(const char *address, const struct session_events *events)
{
	self.events = events;
	snprintf(self.address, sizeof(self.address), "%s", address);
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, NULL);
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_SESSION_INIT, on_session_init, NULL);
	snmp_register_callback(
	    SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START, on_up, NULL);
	snmp_register_callback(
	    SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, on_down, NULL);
	set_options();
	transport_register();
	transport_on_error(on_error, NULL);
	self.drop = MONO_NEVER;
	init_agent(NAME);
	/* init_agent() resets it, so not before. */
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID,
	    NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL, RECONNECT_S);
}

/*
 * The library pings as often as it tries to connect, waits a second, and takes a slow
 * master for a dead one.  The stream's end is the better sign and it comes at once, so
 * the ping goes; its alarm's id is kept in this field, of all places (subagent.c).
 */
static void
stop_ping(void)
{
	if (self.open == NULL || self.open->securityModel == SNMP_DEFAULT_SECMODEL)
		return;
	snmp_alarm_unregister((unsigned)self.open->securityModel);
	self.open->securityModel = SNMP_DEFAULT_SECMODEL;
}

void
session_start(void)
{
	init_snmp(NAME);
	stop_ping();
	if (self.open == NULL)
		tell_why();
}

/*
 * Without a master: when its socket has come back, the library's next attempt, which is
 * its one alarm then, is made at once, and for a second with every look, since a socket
 * exists before it listens.
 */
static void
hurry(struct mono now)
{
	struct snmp_alarm *next;

	if (socket_is_new())
		self.eager = mono_add_s(now, RECONNECT_S);
	next = mono_before(now, self.eager) ? sa_find_next() : NULL;
	if (next != NULL)
		next->t_nextM = (struct timeval){ 0, 1 };
}

int64_t
session_work(void *fds, struct mono now)
{
	if (self.open == NULL)
		hurry(now);
	snmp_read2(fds);
	snmp_timeout();
	run_alarms();
	netsnmp_check_outstanding_agent_requests();
	stop_ping();
	if (self.open == NULL) {
		if (transport_error() != 0)
			tell_why();
		return LOOK_MS;
	}
	if (self.refusal != 0)
		refused(now);
	if (mono_is_never(self.drop))
		return -1;
	if (mono_before(now, self.drop))
		return mono_diff_ms(self.drop, now) + 1;
	self.drop = MONO_NEVER;
	transport_drop();
	return -1;
}

void
session_end(void)
{
	self.ending = true;
	snmp_shutdown(NAME);
	shutdown_agent();
}
