#ifndef SVCPORT_TABLES_H
#define SVCPORT_TABLES_H

/* Every table and group of scalars of SVCPORT-MIB, and what notifications name. */

#include <stddef.h>

#include "mibtab.h"

extern const struct mibtab tab_system;
extern const struct mibtab tab_summary;
extern const struct mibtab tab_control;
extern const struct mibtab tab_control_host;
extern const struct mibtab tab_control_check;
extern const struct mibtab tab_catalogue;
extern const struct mibtab tab_service;
extern const struct mibtab tab_host;
extern const struct mibtab tab_check;
extern const struct mibtab tab_probe;
extern const struct mibtab tab_alarm_scalars;
extern const struct mibtab tab_alarm;
extern const struct mibtab tab_event_scalars;
extern const struct mibtab tab_event;
extern const struct mibtab tab_listener;

/* Numbers that svcPortControl's objects are written with. */
enum control_probe { CONTROL_PROBE_IDLE = 1, CONTROL_PROBE_START = 2 };
enum control_admin { CONTROL_ENABLED = 1, CONTROL_DISABLED = 2 };

/* In the order of their names. */
extern const struct mibtab *const tables_all[];
extern const size_t tables_count;

#endif
