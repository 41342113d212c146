#include "export/export.h"

#include <stdint.h>
#include <string.h>

#include "export/exportkinds.h"
#include "export/exportwords.h"

static const struct export_kind *const kinds[] = {
	&export_snmp_exporter,
	&export_prometheus_rules,
	&export_grafana,
	&export_zabbix,
	&export_snmptt,
	&export_nagios,
	&export_librenms,
	&export_telegraf,
	&export_centreon,
	&export_sevone,
	&export_prognosis,
	&export_nftables,
	&export_firewall_csv,
};

#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct export_kind *
export_at(size_t i)
{
	return i < NKINDS ? kinds[i] : NULL;
}

const struct export_kind *
export_find(const char *name)
{
	for (size_t i = 0; i < NKINDS; i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	return NULL;
}

const struct export_file *
export_find_file(const struct export_kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->nfiles; i++) {
		if (strcmp(kind->files[i].name, name) == 0)
			return &kind->files[i];
	}
	return NULL;
}

bool
export_write(const struct export_file *file, const struct export_context *x, FILE *out,
    char *err, size_t size)
{
	const struct template_words words = { .values = exportwords_values,
		.lists = exportwords_lists,
		.escape = file->escape,
		.ctx = (void *)(uintptr_t)x };

	if (file->write != NULL) {
		snprintf(err, size, "there is nothing to write");
		return file->write(x, out);
	}
	return template_fill(file->template, &words, out, err, size);
}
