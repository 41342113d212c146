#ifndef SVCPORT_EXPORTKINDS_H
#define SVCPORT_EXPORTKINDS_H

/* Every kind of importer file, each at the end of its own export_KIND.c. */

struct export_kind;

extern const struct export_kind export_telegraf;
extern const struct export_kind export_centreon;
extern const struct export_kind export_firewall_csv;
extern const struct export_kind export_grafana;
extern const struct export_kind export_librenms;
extern const struct export_kind export_nagios;
extern const struct export_kind export_nftables;
extern const struct export_kind export_prognosis;
extern const struct export_kind export_prometheus_rules;
extern const struct export_kind export_sevone;
extern const struct export_kind export_snmp_exporter;
extern const struct export_kind export_snmptt;
extern const struct export_kind export_zabbix;

#endif
