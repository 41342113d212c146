#ifndef SVCPORT_LOAD_H
#define SVCPORT_LOAD_H

/* From files to a plan: the one way that both programs and every reload go. */

#include "plan/plan.h"

struct diag;

#define LOAD_DEFAULT_FILE SVCPORT_SYSCONFDIR "/svcport.cfg"

struct load_request {
	const char *file; /* NULL: LOAD_DEFAULT_FILE or, when there is none, the
	                     built-in site */
	const char *text; /* what the file has, when it was read already, or NULL */
	size_t len;
	char *const *dirs; /* instead of the site's catalogue-path, when ndirs > 0 */
	size_t ndirs;
	const char *local_name;             /* NULL: this host's name */
	const struct host_numbers *numbers; /* may be NULL */
	/* Called on the checked site before the plan is made of it; may be NULL. */
	void (*adjust)(struct site *site, const struct catalogue_list *catalogues);
};

/*
 * Reads the site file, the catalogues that it asks for, checks them against each other
 * and makes the plan.  NULL when `d` got an error; nothing else changed then.  Warnings
 * leave a plan.
 */
struct plan *load_plan(const struct load_request *r, struct diag *d);

/* The site file alone, LOAD_DEFAULT_FILE or the built-in site for NULL; neither
 * catalogues nor a plan.  NULL when `d` got an error; the caller frees. */
struct site *load_site_file(const char *file, struct diag *d);

/* Every message to the log, token "conf"; returns the first error (else the first
 * warning) as text in buf, "" for none. */
const char *load_log(struct diag *d, char *buf, size_t size);

#endif
