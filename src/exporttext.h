#ifndef SVCPORT_EXPORTTEXT_H
#define SVCPORT_EXPORTTEXT_H

/* The templates of packaging/exports/, each named by its file. */

extern const char exporttext_rules_yml[];
extern const char exporttext_scrape_yml[];
extern const char exporttext_snmptrapd_conf[];
extern const char exporttext_snmptt_conf[];

#endif
