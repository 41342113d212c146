# The core: knows no SNMP.  One folder a subject, each using only those above it here
# (tests/lint/includes.sh); one module a line.

# ---- tools without a subject: time, loop, memory, text, logging
base_sources = \
	src/base/agenda.c src/base/agenda.h \
	src/base/bucket.c src/base/bucket.h \
	src/base/csv.c src/base/csv.h \
	src/base/deadline.c src/base/deadline.h \
	src/base/diag.c src/base/diag.h \
	src/base/fdlimit.c src/base/fdlimit.h \
	src/base/int32.c src/base/int32.h \
	src/base/keymap.c src/base/keymap.h \
	src/base/linemap.c src/base/linemap.h \
	src/base/log.c src/base/log.h \
	src/base/loop.c src/base/loop.h \
	src/base/mem.c src/base/mem.h \
	src/base/mono.h \
	src/base/oidtext.c src/base/oidtext.h \
	src/base/output.c src/base/output.h \
	src/base/pack.c src/base/pack.h \
	src/base/pollset.c src/base/pollset.h \
	src/base/rfc3339.c src/base/rfc3339.h \
	src/base/sandbox.c src/base/sandbox.h \
	src/base/schedule.c src/base/schedule.h \
	src/base/sdnotify.c src/base/sdnotify.h \
	src/base/slurp.c src/base/slurp.h \
	src/base/stdfds.c src/base/stdfds.h \
	src/base/suggest.c src/base/suggest.h \
	src/base/template.c src/base/template.h \
	src/base/utf8.c src/base/utf8.h

# ---- the words everything else uses: states, reasons, addresses, sets of ports
model_sources = \
	src/model/addr.c src/model/addr.h \
	src/model/portset.c src/model/portset.h \
	src/model/reason.c src/model/reason.h \
	src/model/types.c src/model/types.h

# ---- configuration files as a tree that readers ask, with file:line for every mistake
config_sources = \
	src/config/conf.c src/config/conf.h \
	src/config/conf_list.c src/config/conf_list.h \
	src/config/conf_node.h \
	src/config/conf_word.c src/config/conf_word.h \
	src/config/source.c src/config/source.h \
	src/config/tree.c src/config/tree.h

# ---- one vendor document, transcribed: read, checked, compared
catalogue_sources = \
	src/catalogue/catalogue.c src/catalogue/catalogue.h \
	src/catalogue/catalogue_check.c src/catalogue/catalogue_check.h \
	src/catalogue/catalogue_coverage.c src/catalogue/catalogue_coverage.h \
	src/catalogue/catalogue_load.c \
	src/catalogue/catalogue_overlap.c src/catalogue/catalogue_overlap.h \
	src/catalogue/catalogue_parts.c src/catalogue/catalogue_parts.h \
	src/catalogue/catalogue_read.c \
	src/catalogue/catdiff.c src/catalogue/catdiff.h \
	src/catalogue/catfield.c src/catalogue/catfield.h \
	src/catalogue/confkeys.c src/catalogue/confkeys.h \
	src/catalogue/formula.c src/catalogue/formula.h \
	src/catalogue/version.c src/catalogue/version.h

# ---- a first catalogue from a spreadsheet
import_sources = \
	src/import/import.c src/import/import.h \
	src/import/import_cell.c \
	src/import/import_ends.c \
	src/import/import_head.c \
	src/import/import_name.c \
	src/import/import_row.c \
	src/import/import_table.h \
	src/import/import_text.c \
	src/import/import_write.c

# ---- what this installation adds
site_sources = \
	src/site/site.c src/site/site.h \
	src/site/site_check.c \
	src/site/site_names.c src/site/site_names.h \
	src/site/site_parts.c src/site/site_parts.h \
	src/site/site_patterns.c src/site/site_patterns.h \
	src/site/site_read.c \
	src/site/site_rules.c src/site/site_rules.h

# ---- catalogues x site -> checks and endpoints
plan_sources = \
	src/plan/flows.c src/plan/flows.h \
	src/plan/load.c src/plan/load.h \
	src/plan/method.c src/plan/method.h \
	src/plan/plan.c src/plan/plan.h \
	src/plan/plan_build.h \
	src/plan/plan_expect.c \
	src/plan/plan_group.c \
	src/plan/plan_host.c \
	src/plan/plan_override.c \
	src/plan/plan_ports.c \
	src/plan/plan_probe.c \
	src/plan/plan_text.c \
	src/plan/workload.c src/plan/workload.h

# ---- the local sockets, by netlink or /proc
listen_sources = \
	src/listen/addrwatch.c src/listen/addrwatch.h \
	src/listen/listen.c src/listen/listen.h \
	src/listen/listeners.c src/listen/listeners.h \
	src/listen/owner.c src/listen/owner.h \
	src/listen/portfilter.c src/listen/portfilter.h \
	src/listen/procnet.c src/listen/procnet.h \
	src/listen/sockdiag.c src/listen/sockdiag.h \
	src/listen/sockevents.c src/listen/sockevents.h \
	src/listen/sockhint.c src/listen/sockhint.h \
	src/listen/socklist.c src/listen/socklist.h \
	src/listen/sockscan.c src/listen/sockscan.h \
	src/listen/socksource.c src/listen/socksource.h \
	src/listen/udprule.c src/listen/udprule.h

# ---- remote ports: one file a kind
probe_sources = \
	src/probe/dnsloop.c src/probe/dnsloop.h \
	src/probe/goodbye.c src/probe/goodbye.h \
	src/probe/neterr.c src/probe/neterr.h \
	src/probe/netsock.c src/probe/netsock.h \
	src/probe/payload.c src/probe/payload.h \
	src/probe/payload_snmp.c src/probe/payload_snmp.h \
	src/probe/probe.c src/probe/probe.h \
	src/probe/probe_connect.c src/probe/probe_connect.h \
	src/probe/probe_due.c \
	src/probe/probe_engine.h \
	src/probe/probe_greeting.c \
	src/probe/probe_icmp.c \
	src/probe/probe_kind.h \
	src/probe/probe_result.h \
	src/probe/probe_run.c \
	src/probe/probe_slot.c \
	src/probe/probe_serve.c \
	src/probe/probe_syn.c \
	src/probe/probe_tcp.c \
	src/probe/probe_tls.c \
	src/probe/probe_udp.c \
	src/probe/resolve.c src/probe/resolve.h \
	src/probe/talk.c src/probe/talk.h

# ---- events and the state directory
journal_sources = \
	src/journal/event.c src/journal/event.h \
	src/journal/eventlog.c src/journal/eventlog.h \
	src/journal/eventring.c src/journal/eventring.h \
	src/journal/journal.c src/journal/journal.h \
	src/journal/journal_file.c src/journal/journal_file.h \
	src/journal/journal_load.c \
	src/journal/journal_rewrite.c \
	src/journal/numbers.c src/journal/numbers.h \
	src/journal/orders.c src/journal/orders.h \
	src/journal/outbox.c src/journal/outbox.h \
	src/journal/record.c src/journal/record.h \
	src/journal/syncer.c src/journal/syncer.h

# ---- rows, and the way they take to the SNMP side
publish_sources = \
	src/publish/feed.c src/publish/feed.h \
	src/publish/row.c src/publish/row.h \
	src/publish/rowindex.c src/publish/rowindex.h \
	src/publish/rowtext.c src/publish/rowtext.h \
	src/publish/store.c src/publish/store.h

# ---- verdicts and alarms: pure, time is a parameter
judge_sources = \
	src/judge/alarm.c src/judge/alarm.h \
	src/judge/alarms.h \
	src/judge/alarms_build.c \
	src/judge/alarms_group.c \
	src/judge/alarms_host.c \
	src/judge/alarms_judge.c \
	src/judge/alarms_look.c \
	src/judge/alarms_move.c \
	src/judge/alarms_order.c \
	src/judge/alarms_priv.h \
	src/judge/alarms_query.c \
	src/judge/alarms_replan.c \
	src/judge/alarms_rules.c \
	src/judge/alarms_run.c \
	src/judge/group.c src/judge/group.h \
	src/judge/hostwatch.h \
	src/judge/hostwatch_priv.h \
	src/judge/hostwatch_query.c \
	src/judge/hostwatch_steps.c \
	src/judge/strays.c src/judge/strays.h \
	src/judge/verdict.c src/judge/verdict.h

# ---- the watching thread: ties all of the above together
monitor_sources = \
	src/monitor/alarmsave.c src/monitor/alarmsave.h \
	src/monitor/hostnumbers.c src/monitor/hostnumbers.h \
	src/monitor/learnt.c src/monitor/learnt.h \
	src/monitor/monitor.c src/monitor/monitor.h \
	src/monitor/monitor_commands.c \
	src/monitor/monitor_events.c \
	src/monitor/monitor_priv.h \
	src/monitor/monitor_probes.c \
	src/monitor/monitor_replan.c \
	src/monitor/monitor_rows.c \
	src/monitor/monitor_strays.c \
	src/monitor/monitor_texts.c \
	src/monitor/monitor_time.c

# ---- the MIB as text and data; importer files for managers
export_sources = \
	src/export/export.c src/export/export.h \
	src/export/export_firewall_csv.c \
	src/export/export_centreon.c \
	src/export/export_grafana.c \
	src/export/export_librenms.c \
	src/export/export_nagios.c \
	src/export/export_nftables.c \
	src/export/export_prognosis.c \
	src/export/export_prometheus_rules.c \
	src/export/export_sevone.c \
	src/export/export_snmp_exporter.c \
	src/export/export_snmptt.c \
	src/export/export_telegraf.c \
	src/export/export_zabbix.c \
	src/export/exportcontext.h \
	src/export/exportkinds.h \
	src/export/exporttext.h \
	src/export/exportwords.c src/export/exportwords.h \
	src/export/exportwords_lists.c src/export/exportwords_priv.h \
	src/export/exportwords_traps.c \
	src/export/mibindex.c src/export/mibindex.h \
	src/export/mibnode.h \
	src/export/mibread.c src/export/mibread.h \
	src/export/mibtext.c src/export/mibtext.h \
	src/export/mibtoken.c src/export/mibtoken.h

# ---- the verbs of svcport(1) that need no SNMP
cmd_sources = \
	src/cmd/cmd.c src/cmd/cmd.h \
	src/cmd/cmd_check.c \
	src/cmd/cmd_diff.c \
	src/cmd/cmd_export.c \
	src/cmd/cmd_import.c \
	src/cmd/cmd_lint.c src/cmd/cmd_lint.h \
	src/cmd/cmd_list.c \
	src/cmd/cmd_mib.c src/cmd/cmd_mib.h \
	src/cmd/cmd_plan.c \
	src/cmd/cmd_report.c \
	src/cmd/cmd_words.c \
	src/cmd/report.c src/cmd/report.h \
	src/cmd/report_checks.c \
	src/cmd/report_matrix.c \
	src/cmd/report_page.c src/cmd/report_page.h \
	src/cmd/reporttext.h \
	src/cmd/tally.c src/cmd/tally.h

noinst_LIBRARIES = libcore.a
libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBCONFIG_CFLAGS) $(MNL_CFLAGS) $(CARES_CFLAGS) \
	$(OPENSSL_CFLAGS) $(SECCOMP_CFLAGS)
libcore_a_SOURCES = $(base_sources) $(model_sources) $(config_sources) $(catalogue_sources) \
	$(import_sources) $(site_sources) $(plan_sources) $(listen_sources) \
	$(probe_sources) $(journal_sources) $(publish_sources) $(judge_sources) \
	$(monitor_sources) $(export_sources) $(cmd_sources)

# ---- texts that travel inside the programs
generated = \
	src/export/mibtext_template.c \
	src/export/exporttext.c \
	src/cmd/reporttext.c
nodist_libcore_a_SOURCES = $(generated)
CLEANFILES = $(generated)
src/export/mibtext_template.c: $(srcdir)/mibs/SVCPORT-MIB.txt.in $(srcdir)/src/embed.awk
	$(AM_V_GEN)$(MKDIR_P) src/export && \
	$(AWK) -v header=export/mibtext.h -v name=mibtext_template \
		-f $(srcdir)/src/embed.awk $(srcdir)/mibs/SVCPORT-MIB.txt.in >$@.tmp && \
	mv $@.tmp $@
report_parts = packaging/report/report-head.html packaging/report/report-tail.html
src/cmd/reporttext.c: $(report_parts) $(srcdir)/src/embed.awk
	$(AM_V_GEN)out="$$(pwd)/$@" && $(MKDIR_P) src/cmd && cd $(srcdir) && \
	$(AWK) -v header=cmd/reporttext.h -v prefix=reporttext_ -f src/embed.awk \
		$(report_parts) >"$$out.tmp" && mv "$$out.tmp" "$$out"
export_templates = \
	packaging/exports/centreon-commands.txt.in \
	packaging/exports/grafana.json.in \
	packaging/exports/icinga2.conf.in \
	packaging/exports/librenms-SvcPort.php.in \
	packaging/exports/librenms-linux.yaml.in \
	packaging/exports/librenms-snmptraps.php.in \
	packaging/exports/nagios-commands.cfg.in \
	packaging/exports/nagios-services.cfg.in \
	packaging/exports/prognosis.md.in \
	packaging/exports/prometheus-rules.yml.in \
	packaging/exports/prometheus-scrape.yml.in \
	packaging/exports/sevone.md.in \
	packaging/exports/snmptrapd.conf.in \
	packaging/exports/snmptt.conf.in \
	packaging/exports/telegraf.conf.in \
	packaging/exports/zabbix-snmptt.conf.in \
	packaging/exports/zabbix.yaml.in
src/export/exporttext.c: $(export_templates) $(srcdir)/src/embed.awk
	$(AM_V_GEN)out="$$(pwd)/$@" && $(MKDIR_P) src/export && cd $(srcdir) && \
	$(AWK) -v header=export/exporttext.h -v prefix=exporttext_ -f src/embed.awk \
		$(export_templates) >"$$out.tmp" && mv "$$out.tmp" "$$out"

# What a program that uses the core links with.
core_libs = libcore.a $(LIBCONFIG_LIBS) $(MNL_LIBS) $(CARES_LIBS) $(OPENSSL_LIBS) \
	$(SECCOMP_LIBS)
