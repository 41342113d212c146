#include "plan/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/log.h"
#include "base/utf8.h"
#include "plan/workload.h"
#include "catalogue/confkeys.h"

struct site *
load_site_file(const char *file, struct diag *d)
{
	if (file != NULL)
		return site_read(file, d);
	if (access(LOAD_DEFAULT_FILE, F_OK) != 0 && errno == ENOENT)
		return site_default();
	return site_read(LOAD_DEFAULT_FILE, d);
}

/* The part before the first dot: what people call the host.  The kernel takes any
 * octets for a host's name, managers do not. */
static void
own_name(char *buf, size_t size)
{
	if (gethostname(buf, size) != 0)
		snprintf(buf, size, "localhost");
	buf[size - 1] = '\0';
	buf[strcspn(buf, ".")] = '\0';
	for (char *p = buf; *p != '\0'; p++) {
		char name[2] = { *p, '\0' };

		if (!confkeys_is_name(name))
			*p = '-';
	}
	if (buf[0] == '\0')
		snprintf(buf, size, "localhost");
}

struct plan *
load_plan(const struct load_request *r, struct diag *d)
{
	size_t before = diag_errors(d);
	struct catalogue_list catalogues = { 0 };
	struct site *site = r->text != NULL ? site_parse(r->file, r->text, r->len, d)
	                                    : load_site_file(r->file, d);
	struct plan *plan;
	char name[65];

	if (site == NULL)
		return NULL;
	if (r->ndirs > 0)
		site_set_catalogue_path(site, r->dirs, r->ndirs);
	site_catalogues(site, &catalogues, d);
	if (catalogues.n == 0 && diag_errors(d) == before)
		diag_warn(d, site->file, 0,
		    "no catalogue is loaded: see catalogue-path and catalogues");
	site_check(site, &catalogues, d);
	if (diag_errors(d) > before) {
		catalogue_list_clear(&catalogues);
		site_free(site);
		return NULL;
	}
	if (r->adjust != NULL)
		r->adjust(site, &catalogues);
	own_name(name, sizeof(name));
	plan = plan_new(site, &catalogues, r->local_name != NULL ? r->local_name : name,
	    r->numbers, d);
	if (plan != NULL)
		workload_check(plan, d);
	return plan;
}

const char *
load_log(struct diag *d, char *buf, size_t size)
{
	const struct diag_message *first = NULL;
	char line[1400];

	buf[0] = '\0';
	for (size_t i = 0; i < diag_count(d); i++) {
		const struct diag_message *m = diag_get(d, i);

		diag_format(m, line, sizeof(line));
		if (m->level == DIAG_ERROR)
			log_error("conf", "%s", line);
		else
			log_warn("conf", "%s", line);
		if (first == NULL ||
		    (first->level == DIAG_WARNING && m->level == DIAG_ERROR)) {
			first = m;
			line[utf8_cut(line, size - 1)] = '\0';
			strcpy(buf, line);
		}
	}
	return buf;
}
