#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <mntent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "listen/owner.h"
#include "listen/sockdiag.h"
#include "sockfix.h"

/* A tree of plain directories that stands for a cgroup file system. */
struct tree {
	char root[64];
	char mounts[96];
	char passwd[96];
};

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
make_dir(const struct tree *t, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	assert_int_equal(mkdir(full, 0700), 0);
}

/* What the parent's entry says, as the kernel's socket does: on some file systems
 * stat(2) has another number. */
static uint64_t
id_of(const struct tree *t, const char *parent, const char *name)
{
	char full[256];
	const struct dirent *e;
	uint64_t id = 0;
	DIR *dir;

	snprintf(full, sizeof(full), "%s%s", t->root, parent);
	dir = opendir(full);
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, name) == 0)
			id = e->d_ino;
	}
	closedir(dir);
	assert_true(id != 0);
	return id;
}

static int
setup(void **state)
{
	struct tree *t = mem_new(struct tree);
	const char *tmp = getenv("TMPDIR");
	char text[256];

	snprintf(t->root, sizeof(t->root), "%s/svcport-owner.XXXXXX",
	    tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
	assert_non_null(mkdtemp(t->root));
	snprintf(t->mounts, sizeof(t->mounts), "%s.mounts", t->root);
	snprintf(t->passwd, sizeof(t->passwd), "%s.passwd", t->root);
	snprintf(text, sizeof(text),
	    "proc /proc proc rw 0 0\n"
	    "cgroup2 /nonexistent cgroup2 rw 0 0\n"
	    "cgroup2 %s cgroup2 rw,nosuid 0 0\n",
	    t->root);
	write_file(t->mounts, text);
	write_file(t->passwd, "root:x:0:0:root:/root:/bin/sh\n"
			      "+::::::\n"
			      "www-data:x:33:33:www:/var/www:/bin/false\n");
	make_dir(t, "/init.scope");
	make_dir(t, "/system.slice");
	make_dir(t, "/system.slice/nginx.service");
	make_dir(t, "/system.slice/nginx.service/worker");
	make_dir(t, "/plain");
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct tree *t = *state;
	char command[256];

	unlink(t->mounts);
	unlink(t->passwd);
	snprintf(command, sizeof(command), "rm -rf '%s'", t->root);
	assert_int_equal(system(command), 0);
	free(t);
	return 0;
}

static void
unit_is(const char *path, const char *want)
{
	char buf[OWNER_MAX];

	assert_string_equal(owner_unit(path, buf), want);
}

static void
units_of_paths(void **state)
{
	char path[400];
	char buf[OWNER_MAX];

	(void)state;
	unit_is("/system.slice/nginx.service", "nginx.service");
	unit_is("/system.slice/nginx.service/worker", "nginx.service");
	unit_is("/system.slice/system-getty.slice/getty@tty1.service",
	    "getty@tty1.service");
	unit_is("/user.slice/user-1000.slice/user@1000.service/app.slice/web.service",
	    "user@1000.service");
	unit_is("/user.slice/user-1000.slice/session-3.scope", "session-3.scope");
	unit_is("/system.slice/_cgroup.service", "cgroup.service");
	unit_is("/init.scope", "socket-activated");
	unit_is("/", "");
	unit_is("", "");
	unit_is("/system.slice", "");
	unit_is("/docker/0123456789ab", "");
	unit_is("/.service", "");
	memset(path, 'a', sizeof(path));
	strcpy(path + 300, ".service");
	assert_int_equal(strlen(owner_unit(path, buf)), OWNER_MAX - 1);
}

static void
unit_else_user(void **state)
{
	struct tree *t = *state;
	struct owner *o = owner_new(t->mounts, t->passwd);
	uint64_t nginx = id_of(t, "/system.slice", "nginx.service");
	char buf[OWNER_MAX];

	assert_string_equal(owner_name(o, nginx, 33, buf), "nginx.service");
	assert_string_equal(
	    owner_name(o, id_of(t, "/system.slice/nginx.service", "worker"), 33, buf),
	    "nginx.service");
	assert_string_equal(
	    owner_name(o, id_of(t, "", "init.scope"), 0, buf), "socket-activated");
	assert_string_equal(owner_name(o, id_of(t, "", "plain"), 33, buf), "www-data");
	assert_string_equal(owner_name(o, 0, 33, buf), "www-data");
	assert_string_equal(owner_name(o, 0, 0, buf), "root");
	assert_string_equal(owner_name(o, 0, 4711, buf), "uid 4711");
	owner_free(o);
}

static void
follows_what_is_new(void **state)
{
	struct tree *t = *state;
	struct owner *o = owner_new(t->mounts, t->passwd);
	char buf[OWNER_MAX];

	assert_string_equal(owner_name(o, 0, 99, buf), "uid 99");
	assert_string_equal(owner_name(o, UINT64_MAX, 0, buf), "root");
	make_dir(t, "/system.slice/new.service");
	assert_string_equal(
	    owner_name(o, id_of(t, "/system.slice", "new.service"), 0, buf),
	    "new.service");
	write_file(t->passwd, "root:x:0:0::/:\nnew-user:x:99:99::/:\n");
	assert_string_equal(owner_name(o, 0, 99, buf), "new-user");
	assert_string_equal(owner_name(o, 0, 33, buf), "uid 33");
	owner_free(o);
}

/* More unknown cgroups than are remembered, and none of them a crash or a lie. */
static void
unknown_cgroups(void **state)
{
	struct tree *t = *state;
	struct owner *o = owner_new(t->mounts, t->passwd);
	char buf[OWNER_MAX];

	for (uint64_t i = 0; i < 1000; i++)
		assert_string_equal(owner_name(o, UINT64_MAX - i, 0, buf), "root");
	assert_string_equal(
	    owner_name(o, id_of(t, "/system.slice", "nginx.service"), 0, buf),
	    "nginx.service");
	owner_free(o);
}

static void
nothing_to_read(void **state)
{
	struct owner *o = owner_new("/nonexistent/mounts", "/nonexistent/passwd");
	char buf[OWNER_MAX];

	(void)state;
	assert_string_equal(owner_name(o, 5, 0, buf), "uid 0");
	owner_free(o);
	owner_free(NULL);
}

/* Where the system has a cgroup2 mount: its path, "" for none. */
static void
cgroup_mount(char out[256])
{
	FILE *f = setmntent("/proc/self/mounts", "r");
	const struct mntent *m;

	out[0] = '\0';
	assert_non_null(f);
	while ((m = getmntent(f)) != NULL) {
		if (strcmp(m->mnt_type, "cgroup2") == 0)
			snprintf(out, 256, "%s", m->mnt_dir);
	}
	endmntent(f);
}

/* The id that the kernel reports of our own socket is the inode of our own cgroup. */
static void
the_kernels_id_is_the_directorys_inode(void **state)
{
	char mount[256];
	char path[512] = "";
	char full[1024];
	char line[512];
	struct stat st;
	struct portset set = { 0 };
	struct socklist list = { 0 };
	struct sockdiag *d = sockdiag_open();
	FILE *f = fopen("/proc/self/cgroup", "r");
	int fd;

	(void)state;
	cgroup_mount(mount);
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "0::", 3) == 0)
			snprintf(path, sizeof(path), "%s", line + 3);
	}
	fclose(f);
	path[strcspn(path, "\n")] = '\0';
	snprintf(full, sizeof(full), "%s%s", mount, path);
	if (mount[0] == '\0' || path[0] == '\0' || stat(full, &st) == -1) {
		sockdiag_close(d);
		print_message("no cgroup2 here\n");
		skip();
	}
	fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	portset_add(&set, sockfix_port(fd), sockfix_port(fd));
	assert_non_null(d);
	assert_int_equal(sockdiag_dump(d, PROTO_TCP, &set, &list), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].l.cgroup, st.st_ino);
	close(fd);
	portset_clear(&set);
	socklist_clear(&list);
	sockdiag_close(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_of_paths),
		cmocka_unit_test_setup_teardown(unit_else_user, setup, teardown),
		cmocka_unit_test_setup_teardown(follows_what_is_new, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_cgroups, setup, teardown),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(the_kernels_id_is_the_directorys_inode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
