# The SNMP side: the subagent, and the small manager behind "svcport status".  One module
# a line.

noinst_LIBRARIES += libagent.a
libagent_a_CPPFLAGS = $(AM_CPPFLAGS) $(NETSNMP_CFLAGS) -I$(srcdir)/agent
libagent_a_SOURCES = \
	agent/axpdu.c agent/axpdu.h \
	agent/background.c agent/background.h \
	agent/cmd_status.c agent/cmd_status.h \
	agent/cmd_watch.c \
	agent/dial.c agent/dial.h \
	agent/engine.c agent/engine.h \
	agent/fastpath.c agent/fastpath.h \
	agent/fleet.c agent/fleet.h \
	agent/fleet_options.c \
	agent/handler.c agent/handler.h \
	agent/manager.c agent/manager.h \
	agent/mibtab.h \
	agent/mibview.c agent/mibview.h \
	agent/mibwalk.c agent/mibwalk.h \
	agent/notify.c agent/notify.h \
	agent/remote.c agent/remote.h \
	agent/screen.c agent/screen.h \
	agent/session.c agent/session.h \
	agent/settx.c agent/settx.h \
	agent/subagent.c agent/subagent.h \
	agent/tab_alarm.c \
	agent/tab_catalogue.c \
	agent/tab_check.c \
	agent/tab_control.c \
	agent/tab_event.c \
	agent/tab_host.c \
	agent/tab_listener.c \
	agent/tab_probe.c \
	agent/tab_service.c \
	agent/tab_summary.c \
	agent/tab_system.c \
	agent/tables.c agent/tables.h \
	agent/transport.c agent/transport.h \
	agent/value.c agent/value.h \
	agent/varbinds.c agent/varbinds.h \
	agent/waiter.c agent/waiter.h \
	agent/watch.h \
	agent/watch_changes.c \
	agent/watch_draw.c \
	agent/watch_keys.c
agent_libs = libagent.a $(core_libs) $(NETSNMP_LIBS)
