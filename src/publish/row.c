#include "publish/row.h"

#include <stdlib.h>

#include "base/mem.h"

static char *
copy(const char *text)
{
	return mem_strdup(text != NULL ? text : "");
}

struct row_detail *
row_detail_new(const char *open_ports, const char *addrs, const char *owner,
    const char *error, const char *tls_version, wall_t cert_expiry)
{
	struct row_detail *d = mem_new(struct row_detail);

	d->refs = 1;
	d->open_ports = copy(open_ports);
	d->addrs = copy(addrs);
	d->owner = copy(owner);
	d->error = copy(error);
	d->tls_version = copy(tls_version);
	d->cert_expiry = cert_expiry;
	return d;
}

struct row_detail *
row_detail_ref(struct row_detail *d)
{
	if (d != NULL)
		__atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
	return d;
}

void
row_detail_unref(struct row_detail *d)
{
	/* Release what this thread read, acquire what others did before the last one
	 * frees. */
	if (d == NULL || __atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	free(d->open_ports);
	free(d->addrs);
	free(d->owner);
	free(d->error);
	free(d->tls_version);
	free(d);
}
