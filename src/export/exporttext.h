#ifndef SVCPORT_EXPORTTEXT_H
#define SVCPORT_EXPORTTEXT_H

/* The templates of packaging/exports/, each named by its file. */

extern const char exporttext_centreon_commands_txt[];
extern const char exporttext_grafana_json[];
extern const char exporttext_icinga2_conf[];
extern const char exporttext_librenms_SvcPort_php[];
extern const char exporttext_librenms_linux_yaml[];
extern const char exporttext_librenms_snmptraps_php[];
extern const char exporttext_nagios_commands_cfg[];
extern const char exporttext_nagios_services_cfg[];
extern const char exporttext_prognosis_md[];
extern const char exporttext_prometheus_rules_yml[];
extern const char exporttext_prometheus_scrape_yml[];
extern const char exporttext_sevone_md[];
extern const char exporttext_snmptrapd_conf[];
extern const char exporttext_snmptt_conf[];
extern const char exporttext_telegraf_conf[];
extern const char exporttext_zabbix_snmptt_conf[];
extern const char exporttext_zabbix_yaml[];

#endif
