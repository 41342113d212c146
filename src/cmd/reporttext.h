#ifndef SVCPORT_REPORTTEXT_H
#define SVCPORT_REPORTTEXT_H

/* The fixed parts of the report's page: packaging/report/, put into the program by
 * embed.awk. */

extern const char reporttext_report_head_html[];
extern const char reporttext_report_tail_html[];

#endif
