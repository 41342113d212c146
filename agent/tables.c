#include "tables.h"

const struct mibtab *const tables_all[] = {
	&tab_system,
	&tab_summary,
	&tab_control,
	&tab_control_host,
	&tab_control_check,
	&tab_catalogue,
	&tab_service,
	&tab_host,
	&tab_check,
	&tab_probe,
	&tab_alarm_scalars,
	&tab_alarm,
	&tab_event_scalars,
	&tab_event,
	&tab_listener,
};

const size_t tables_count = sizeof(tables_all) / sizeof(tables_all[0]);
