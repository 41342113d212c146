#include "listen/owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <mntent.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* Deeper than any service manager or container runtime nests, and more cgroups than a
 * walk should ever take time for. */
#define DEPTH_MAX   16
#define CGROUPS_MAX 50000

/* So many unknown ids are remembered; more belong to no machine that is well. */
#define MISSING_MAX 256

struct cgroup {
	uint64_t id;
	char *unit; /* owned; "" for none */
};

struct user {
	uint32_t uid;
	char *name; /* owned */
};

struct owner {
	char *mounts;
	char *passwd;
	struct cgroup *cgroups; /* ascending id, as the last walk found them */
	size_t ncgroups, cgroups_cap;
	uint64_t missing[MISSING_MAX]; /* ids that walks did not find: a ring */
	size_t nmissing;               /* ever noted */
	struct user *users;            /* ascending uid */
	size_t nusers, users_cap;
	struct timespec users_time; /* mtime of the file they were read from */
	off_t users_size;
};

struct owner *
owner_new(const char *mounts, const char *passwd)
{
	struct owner *o = mem_new(struct owner);

	o->mounts = mem_strdup(mounts != NULL ? mounts : "/proc/self/mounts");
	o->passwd = mem_strdup(passwd != NULL ? passwd : "/etc/passwd");
	return o;
}

static void
drop_cgroups(struct owner *o)
{
	for (size_t i = 0; i < o->ncgroups; i++)
		free(o->cgroups[i].unit);
	o->ncgroups = 0;
}

static void
drop_users(struct owner *o)
{
	for (size_t i = 0; i < o->nusers; i++)
		free(o->users[i].name);
	o->nusers = 0;
}

void
owner_free(struct owner *o)
{
	if (o == NULL)
		return;
	drop_cgroups(o);
	drop_users(o);
	free(o->cgroups);
	free(o->users);
	free(o->mounts);
	free(o->passwd);
	free(o);
}

/* ---- units */

static bool
ends_with(const char *s, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && memcmp(s + len - n, suffix, n) == 0;
}

const char *
owner_unit(const char *path, char buf[OWNER_MAX])
{
	static const char *const kinds[] = { ".service", ".scope", ".socket", ".mount",
		".swap" };

	buf[0] = '\0';
	for (const char *p = path; *p != '\0';) {
		size_t len;

		p += strspn(p, "/");
		len = strcspn(p, "/");
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			/* A name that could be taken for a cgroup file of the kernel
			 * has an underscore put before it (cg_escape() in systemd). */
			bool escaped = p[0] == '_';

			if (!ends_with(p, len, kinds[i]))
				continue;
			snprintf(
			    buf, OWNER_MAX, "%.*s", (int)(len - escaped), p + escaped);
			if (strcmp(buf, "init.scope") == 0)
				snprintf(buf, OWNER_MAX, "socket-activated");
			return buf;
		}
		p += len;
	}
	return buf;
}

/* ---- cgroups */

static int
compare_cgroup(const void *va, const void *vb)
{
	const struct cgroup *a = va;
	const struct cgroup *b = vb;

	return a->id < b->id ? -1 : a->id > b->id;
}

static const struct cgroup *
find_cgroup(const struct owner *o, uint64_t id)
{
	struct cgroup key = { .id = id };

	return o->ncgroups != 0
	           ? bsearch(&key, o->cgroups, o->ncgroups, sizeof(key), compare_cgroup)
	           : NULL;
}

static void
add_cgroup(struct owner *o, uint64_t id, const char *unit)
{
	mem_grow(o->cgroups, o->ncgroups, o->cgroups_cap);
	o->cgroups[o->ncgroups++] = (struct cgroup){ id, mem_strdup(unit) };
}

/*
 * Takes over dirfd.  The inode of a directory in a cgroup file system stands in its
 * entry already (kernfs_fop_readdir()), so nothing is stat'ed.
 */
static void
walk(struct owner *o, int dirfd, const char *unit, int depth)
{
	DIR *dir = fdopendir(dirfd);
	const struct dirent *e;
	char buf[OWNER_MAX];

	if (dir == NULL) {
		close(dirfd);
		return;
	}
	while ((e = readdir(dir)) != NULL && o->ncgroups < CGROUPS_MAX) {
		const char *here;
		int fd;

		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		here = unit[0] != '\0' ? unit : owner_unit(e->d_name, buf);
		add_cgroup(o, e->d_ino, here);
		if (depth == DEPTH_MAX)
			continue;
		fd = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			walk(o, fd, here, depth + 1);
	}
	closedir(dir);
}

/* Reads the tree below every cgroup2 mount. */
static void
read_cgroups(struct owner *o)
{
	FILE *f = setmntent(o->mounts, "re");
	struct mntent m;
	char buf[4096];

	drop_cgroups(o);
	while (f != NULL && getmntent_r(f, &m, buf, sizeof(buf)) != NULL) {
		int fd;

		if (strcmp(m.mnt_type, "cgroup2") != 0)
			continue;
		fd = open(m.mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			walk(o, fd, "", 0);
	}
	if (f != NULL)
		endmntent(f);
	if (o->ncgroups != 0)
		qsort(o->cgroups, o->ncgroups, sizeof(*o->cgroups), compare_cgroup);
}

static bool
is_missing(const struct owner *o, uint64_t id)
{
	for (size_t i = 0; i < MISSING_MAX; i++) {
		if (o->missing[i] == id)
			return true;
	}
	return false;
}

/* The unit of a cgroup, "" for none. */
static const char *
unit_of(struct owner *o, uint64_t id)
{
	const struct cgroup *c = find_cgroup(o, id);

	if (c == NULL && !is_missing(o, id)) {
		read_cgroups(o);
		c = find_cgroup(o, id);
		if (c == NULL)
			o->missing[o->nmissing++ % MISSING_MAX] = id;
	}
	return c != NULL ? c->unit : "";
}

/* ---- users */

static int
compare_user(const void *va, const void *vb)
{
	const struct user *a = va;
	const struct user *b = vb;

	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static const struct user *
find_user(const struct owner *o, uint32_t uid)
{
	struct user key = { .uid = uid };

	return o->nusers != 0
	           ? bsearch(&key, o->users, o->nusers, sizeof(key), compare_user)
	           : NULL;
}

static void
read_users(struct owner *o, FILE *f)
{
	const struct passwd *pw;

	drop_users(o);
	while ((pw = fgetpwent(f)) != NULL) {
		if (pw->pw_name[0] == '+' || pw->pw_name[0] == '-')
			continue; /* passwd(5) of NIS */
		mem_grow(o->users, o->nusers, o->users_cap);
		o->users[o->nusers++] = (struct user){ pw->pw_uid,
			mem_strdup(pw->pw_name) };
	}
	if (o->nusers != 0)
		qsort(o->users, o->nusers, sizeof(*o->users), compare_user);
}

/* Reads the users again when the file is another than the last time. */
static void
refresh_users(struct owner *o)
{
	FILE *f = fopen(o->passwd, "re");
	struct stat st;

	if (f == NULL)
		return;
	if (fstat(fileno(f), &st) == 0 &&
	    (st.st_size != o->users_size || st.st_mtim.tv_sec != o->users_time.tv_sec ||
		st.st_mtim.tv_nsec != o->users_time.tv_nsec)) {
		o->users_size = st.st_size;
		o->users_time = st.st_mtim;
		read_users(o, f);
	}
	fclose(f);
}

const char *
owner_name(struct owner *o, uint64_t cgroup, uint32_t uid, char buf[OWNER_MAX])
{
	const char *unit = cgroup != 0 ? unit_of(o, cgroup) : "";
	const struct user *u;

	if (unit[0] != '\0') {
		snprintf(buf, OWNER_MAX, "%s", unit);
		return buf;
	}
	u = find_user(o, uid);
	if (u == NULL) {
		refresh_users(o);
		u = find_user(o, uid);
	}
	if (u != NULL)
		snprintf(buf, OWNER_MAX, "%s", u->name);
	else
		snprintf(buf, OWNER_MAX, "uid %u", uid);
	return buf;
}
