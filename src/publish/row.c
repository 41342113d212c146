#include "publish/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Rows have such texts by the hundred thousand: one allocation for all of them. */
static const char *
append(char **at, const char *text, size_t len)
{
	const char *copy = *at;

	if (len == 0)
		return "";
	memcpy(*at, text, len);
	(*at)[len] = '\0';
	*at += len + 1;
	return copy;
}

struct row_detail *
row_detail_new(const char *open_ports, const char *addrs, const char *owner,
    const char *error, const char *tls_version, wall_t cert_expiry)
{
	const char *texts[] = { open_ports, addrs, owner, error, tls_version };
	size_t len[5], total = 0;
	struct row_detail *d;
	char *at;

	for (int i = 0; i < 5; i++) {
		len[i] = texts[i] != NULL ? strlen(texts[i]) : 0;
		total += len[i] != 0 ? len[i] + 1 : 0;
	}
	d = mem_calloc(1, sizeof(*d) + total);
	at = (char *)(d + 1);
	d->refs = 1;
	d->open_ports = append(&at, open_ports, len[0]);
	d->addrs = append(&at, addrs, len[1]);
	d->owner = append(&at, owner, len[2]);
	d->error = append(&at, error, len[3]);
	d->tls_version = append(&at, tls_version, len[4]);
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
	free(d);
}
