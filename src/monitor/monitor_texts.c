#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <string.h>

static bool
same_text(const char *old, const char *new)
{
	return strcmp(old, new) == 0;
}

bool
monitor_set_detail(struct row *row, const char *ports, const char *addrs,
    const char *owner, const char *error)
{
	struct row_detail *old = row->detail;
	const char *had_ports = old != NULL ? old->open_ports : "";
	const char *had_addrs = old != NULL ? old->addrs : "";
	const char *had_owner = old != NULL ? old->owner : "";
	const char *had_error = old != NULL ? old->error : "";

	ports = ports != NULL ? ports : had_ports;
	addrs = addrs != NULL ? addrs : had_addrs;
	owner = owner != NULL ? owner : had_owner;
	error = error != NULL ? error : had_error;
	if (same_text(had_ports, ports) && same_text(had_addrs, addrs) &&
	    same_text(had_owner, owner) && same_text(had_error, error))
		return false;
	row->detail = row_detail_new(ports, addrs, owner, error,
	    old != NULL ? old->tls_version : "", old != NULL ? old->cert_expiry : 0);
	row_detail_unref(old);
	return true;
}

bool
monitor_set_tls(struct row *row, const char *version, wall_t expiry)
{
	struct row_detail *old = row->detail;

	if (same_text(old != NULL ? old->tls_version : "", version) &&
	    (old != NULL ? old->cert_expiry : 0) == expiry)
		return false;
	row->detail = row_detail_new(old != NULL ? old->open_ports : "",
	    old != NULL ? old->addrs : "", old != NULL ? old->owner : "",
	    old != NULL ? old->error : "", version, expiry);
	row_detail_unref(old);
	return true;
}
