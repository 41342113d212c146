/*
 * svcport check as a program: real sockets on loopback, no daemon, no snmpd, and as
 * nobody where the tests run as root.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockfix.h"

#define NOBODY 65534
#define ARGS   12

static struct {
	char dir[64];
	char *catalogue, *site;
	int program; /* an open file: nobody may not find its way to it */
	int open_tcp, open_udp, open_local;
	uint16_t tcp, udp, local, closed;
} fix;

/* ---- files */

static void
put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (; *text != '\0'; text++)
		putc(*text == '\'' ? '"' : *text, f);
	assert_int_equal(fchmod(fileno(f), 0644), 0);
	assert_int_equal(fclose(f), 0);
}

/* Services by what they ask of the sockets below. */
static void
put_catalogue(void)
{
	static const char head[] =
	    "format = 1; catalogue = { number = 7; name = 'app'; product = 'App'; "
	    "document = { title = 'The Document'; lines = 8; };"
	    "roles = ({ name = 'client'; own = true; descr = 'C'; }, "
	    "{ name = 'server'; own = true; descr = 'S'; });"
	    "features = ({ name = 'f'; descr = 'F'; }); services = (";
	static const char each[] =
	    "%s{ number = %u; line = %u; section = 'S'; name = '%s'; descr = 'D'; "
	    "note = 'N'; protocol = '%s'; ports = '%u'; from = ['client']; "
	    "to = ['server']; expect = '%s'; %s }";
	const struct {
		const char *name, *protocol;
		uint16_t port;
		const char *expect, *more;
	} services[] = {
		{ "open", "tcp", fix.tcp, "required", "" },
		{ "open-udp", "udp", fix.udp, "required", "payload = 'off';" },
		{ "local", "tcp", fix.local, "required", "scope = 'local';" },
		{ "optional", "tcp", fix.closed, "optional", "" },
		{ "feature", "tcp", fix.closed, "required", "feature = 'f';" },
		{ "recommended", "tcp", fix.closed, "recommended", "" },
		{ "required", "tcp", fix.closed, "required", "" },
		{ "forbidden", "tcp", fix.tcp, "closed", "" },
	};
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs(head, f);
	for (unsigned i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		fprintf(f, each, i != 0 ? ", " : "", i + 1, i + 1, services[i].name,
		    services[i].protocol, services[i].port, services[i].expect,
		    services[i].more);
	fputs("); };", f);
	fclose(f);
	put_file(fix.catalogue, text);
	free(text);
}

static int
setup(void **state)
{
	const char *builddir = getenv("builddir");
	char *program = mem_printf("%s/svcport", builddir != NULL ? builddir : ".");

	(void)state;
	fix.program = open(program, O_RDONLY | O_CLOEXEC);
	free(program);
	assert_true(fix.program >= 0);
	strcpy(fix.dir, "/tmp/svcport.XXXXXX");
	assert_non_null(mkdtemp(fix.dir));
	assert_int_equal(chmod(fix.dir, 0755), 0);
	fix.catalogue = mem_printf("%s/app.cfg", fix.dir);
	fix.site = mem_printf("%s/site", fix.dir);
	fix.open_tcp = sockfix_listen("0.0.0.0", 0, 0, 5);
	fix.open_udp = sockfix_udp("0.0.0.0", 0, 0);
	fix.open_local = sockfix_listen("127.0.0.1", 0, 0, 5);
	fix.tcp = sockfix_port(fix.open_tcp);
	fix.udp = sockfix_port(fix.open_udp);
	fix.local = sockfix_port(fix.open_local);
	{
		int unused = sockfix_listen("127.0.0.1", 0, 0, 5);

		fix.closed = sockfix_port(unused);
		close(unused);
	}
	put_catalogue();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(fix.catalogue);
	unlink(fix.site);
	rmdir(fix.dir);
	free(fix.catalogue);
	free(fix.site);
	close(fix.program);
	close(fix.open_tcp);
	close(fix.open_udp);
	close(fix.open_local);
	return 0;
}

/* ---- the program */

struct run {
	int status;
	char *out, *err;
};

static void
become_nobody(void)
{
	if (geteuid() == 0 &&
	    (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(99);
}

static char *
read_all(FILE *f)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	rewind(f);
	n = getdelim(&text, &size, '\0', f);
	fclose(f);
	if (n < 0) {
		free(text);
		text = mem_strdup("");
	}
	return text;
}

/* Runs `svcport VERB ARGUMENT...`, the list ending with NULL. */
static struct run
svcport(const char *const *arguments)
{
	char *argv[ARGS + 2] = { (char *)(uintptr_t) "svcport" };
	FILE *out = tmpfile();
	FILE *err = tmpfile();
	struct run r;
	int status;
	pid_t pid;

	for (size_t i = 0; arguments[i] != NULL; i++) {
		assert_true(i < ARGS);
		argv[i + 1] = (char *)(uintptr_t)arguments[i];
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		become_nobody();
		fexecve(fix.program, argv, environ);
		_exit(98);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	r.status = WEXITSTATUS(status);
	r.out = read_all(out);
	r.err = read_all(err);
	return r;
}

#define SVCPORT(...) svcport((const char *const[]){ __VA_ARGS__, NULL })
#define CHECK(...)   SVCPORT("check", "--site", fix.site, "-C", fix.dir, __VA_ARGS__)

static void
run_clear(struct run *r)
{
	free(r->out);
	free(r->err);
}

static void
exits(struct run r, int status)
{
	if (r.status != status)
		fail_msg(
		    "exit status %d, want %d\n%s%s", r.status, status, r.out, r.err);
	run_clear(&r);
}

/* The site: this host as a server, and what else. */
static void
site(const char *more)
{
	char *text = mem_printf("format = 1; hosts = ({ name = 'here'; local = true; "
				"roles = ['app:server']; }); %s\n",
	    more);

	put_file(fix.site, text);
	free(text);
}

/* ---- exit codes */

static void
ok_when_nothing_deviates(void **state)
{
	struct run r;

	(void)state;
	site("");
	r = CHECK("app/open*", "app/local", "app/optional", "app/feature");
	assert_string_equal(r.err, "");
	assert_non_null(strstr(r.out, "OK: 5 checks, 2 notEvaluated, 3 compliant\n"));
	exits(r, 0);
}

static void
warning_critical(void **state)
{
	(void)state;
	site("");
	exits(CHECK("app/recommended"), 1);
	exits(CHECK("app/open", "app/recommended"), 1);
	exits(CHECK("app/required"), 2);
	exits(CHECK("app/forbidden"), 2);
	exits(CHECK("app/required", "app/recommended"), 2);
	/* all of it */
	exits(SVCPORT("check", "--site", fix.site, "-C", fix.dir), 2);
}

/* A probe that cannot be sent tells nothing of the port: its source address is not this
 * host's, so that nothing leaves it. */
static void
unknown(void **state)
{
	static const char remote[] =
	    "format = 1; probe = { source = '198.51.100.1'; }; timeout-ms = 500; "
	    "hosts = ({ name = 'here'; local = true; roles = ['app:client', "
	    "'app:server']; }, { name = 'peer'; id = 2; address = '192.0.2.1'; "
	    "roles = ['app:server']; });";
	struct run r;

	(void)state;
	put_file(fix.site, remote);
	r = CHECK("app/required@peer", "app/optional@peer");
	assert_non_null(strstr(r.out, "UNKNOWN: 2 checks, 1 unknown, 1 notEvaluated"));
	exits(r, 3);
	/* worst in the order 2, 1, 3, 0 */
	exits(CHECK("app/required@peer", "app/open@here"), 3);
	exits(CHECK("app/required@peer", "app/recommended@here"), 1);
	exits(CHECK("app/required"), 2);
}

static void
usage_and_configuration(void **state)
{
	struct run r;

	(void)state;
	exits(SVCPORT("check", "--nonsense"), 3);
	exits(SVCPORT("check", "--format", "csv"), 3);
	exits(SVCPORT("check", "--help"), 0);
	exits(SVCPORT("check", "--site", "/nonexistent", "-C", fix.dir), 3);
	site("colour = 'red';");
	r = CHECK("app/open");
	assert_non_null(strstr(r.err, "colour"));
	exits(r, 3);
	site("");
	r = CHECK("app/opne");
	assert_non_null(strstr(r.err, "no check of that name"));
	assert_string_equal(r.out, "");
	exits(r, 3);
}

/* ---- what is looked at */

/* The rows, without the header line. */
static size_t
rows(struct run r)
{
	size_t n = 0;

	for (const char *p = r.out; *p != '\0'; p++)
		n += *p == '\n';
	run_clear(&r);
	return n > 0 ? n - 1 : 0;
}

static void
names_and_globs(void **state)
{
	(void)state;
	site("");
	assert_int_equal(rows(CHECK("--format", "tsv")), 8);
	assert_int_equal(rows(CHECK("--format", "tsv", "app")), 8);
	assert_int_equal(rows(CHECK("--format", "tsv", "here")), 8);
	assert_int_equal(rows(CHECK("--format", "tsv", "app/open")), 1);
	assert_int_equal(rows(CHECK("--format", "tsv", "app/o*")), 3);
	assert_int_equal(rows(CHECK("--format", "tsv", "app/open@here")), 1);
	assert_int_equal(rows(CHECK("--format", "tsv", "@h*")), 8);
	assert_int_equal(rows(CHECK("--format", "tsv", "app/open@there")), 0);
	assert_int_equal(rows(CHECK("--format", "tsv", "app/open", "app/required")), 2);
}

/* A line of the tsv output: cell i of the row with this name. */
static void
cell_is(const char *tsv, const char *name, unsigned i, const char *want)
{
	char *key = mem_printf("\n%s\t", name);
	const char *p = strstr(tsv, key);

	free(key);
	if (p == NULL)
		fail_msg("no row %s", name);
	for (p++; i > 0; i--)
		p = strchr(p, '\t') + 1;
	if (strncmp(p, want, strlen(want)) != 0 || !strchr("\t\n", p[strlen(want)]))
		fail_msg("%s: %.60s, want %s", name, p, want);
}

static void
looks_at_sockets(void **state)
{
	struct run r;

	(void)state;
	site("");
	r = CHECK("--format", "tsv");
	assert_int_equal(strncmp(r.out,
			     "name\tports\texpected\tlisten\tconnect\trtt_us\tverdict\t"
			     "reason\n",
			     55),
	    0);
	cell_is(r.out, "app/open@here", 3, "listening");
	cell_is(r.out, "app/open@here", 6, "compliant");
	cell_is(r.out, "app/open-udp@here", 3, "listening");
	cell_is(r.out, "app/local@here", 3, "loopbackOnly");
	cell_is(r.out, "app/local@here", 6, "compliant");
	cell_is(r.out, "app/required@here", 3, "notListening");
	cell_is(r.out, "app/required@here", 6, "closedRequired");
	cell_is(r.out, "app/required@here", 7,
	    "no socket listens on it [The Document, S, line 7]");
	cell_is(r.out, "app/recommended@here", 6, "closedRecommended");
	cell_is(r.out, "app/forbidden@here", 6, "openForbidden");
	cell_is(r.out, "app/optional@here", 6, "notEvaluated");
	exits(r, 2);
}

static void
probes_hosts(void **state)
{
	static const char remote[] =
	    "format = 1; timeout-ms = 2000; "
	    "hosts = ({ name = 'here'; local = true; roles = ['app:client']; }, "
	    "{ name = 'peer'; id = 2; address = '127.0.0.1'; "
	    "roles = ['app:server']; });";
	struct run r;

	(void)state;
	put_file(fix.site, remote);
	r = CHECK("--format", "tsv");
	cell_is(r.out, "app/open@peer", 4, "open");
	cell_is(r.out, "app/open@peer", 6, "compliant");
	cell_is(r.out, "app/required@peer", 4, "closed");
	cell_is(r.out, "app/required@peer", 6, "closedRequired");
	/* From outside a local port has to be closed. */
	cell_is(r.out, "app/local@peer", 6, "openForbidden");
	/* Nothing is sent to it: no verdict, and no unknown either. */
	cell_is(r.out, "app/open-udp@peer", 4, "notApplicable");
	cell_is(r.out, "app/open-udp@peer", 6, "notEvaluated");
	exits(r, 2);
}

/* ---- json: RFC 8259, as far as it is written */

static const char *json_value(const char *p);

static const char *
space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *
json_string(const char *p)
{
	assert_int_equal(*p++, '"');
	for (; *p != '"'; p++) {
		assert_true((unsigned char)*p >= 0x20);
		if (*p == '\\') {
			p++;
			assert_non_null(strchr("\"\\/bfnrtu", *p));
		}
	}
	return p + 1;
}

/* What stands between `open` and its counterpart. */
static const char *
json_list(const char *p, char close, bool keys)
{
	p = space(p + 1);
	while (*p != close) {
		if (keys) {
			p = space(json_string(p));
			assert_int_equal(*p++, ':');
		}
		p = space(json_value(space(p)));
		if (*p == ',')
			p = space(p + 1);
		else
			assert_int_equal(*p, close);
	}
	return p + 1;
}

static const char *
json_value(const char *p)
{
	char *end;

	if (*p == '[')
		return json_list(p, ']', false);
	if (*p == '{')
		return json_list(p, '}', true);
	if (*p == '"')
		return json_string(p);
	if (strncmp(p, "null", 4) == 0)
		return p + 4;
	assert_true(isdigit((unsigned char)*p) || *p == '-');
	(void)strtod(p, &end);
	return end;
}

static void
json_is_json(void **state)
{
	static const char *const verbs[] = { "check", "plan", "services",
		"catalogues" };

	(void)state;
	site("");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct run r = SVCPORT(
		    verbs[i], "--format", "json", "--site", fix.site, "-C", fix.dir);

		assert_int_equal(*space(json_value(space(r.out))), '\0');
		assert_non_null(strstr(r.out, "\"name\""));
		run_clear(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ok_when_nothing_deviates),
		cmocka_unit_test(warning_critical),
		cmocka_unit_test(unknown),
		cmocka_unit_test(usage_and_configuration),
		cmocka_unit_test(names_and_globs),
		cmocka_unit_test(looks_at_sockets),
		cmocka_unit_test(probes_hosts),
		cmocka_unit_test(json_is_json),
	};

	return cmocka_run_group_tests_name("cmd_check", tests, setup, teardown);
}
