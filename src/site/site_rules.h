#ifndef SVCPORT_SITE_RULES_H
#define SVCPORT_SITE_RULES_H

/* What a site says about services by pattern: `overrides` and `mutes`. */

struct conf_group;
struct site;

void site_rules_overrides(struct conf_group *g, struct site *s);
void site_rules_mutes(struct conf_group *g, struct site *s);

#endif
