# Tests, benches and fuzzers (one a line).

AM_TESTS_ENVIRONMENT = \
	srcdir='$(abs_srcdir)'; export srcdir; \
	builddir='$(abs_builddir)'; export builddir;
TEST_EXTENSIONS = .sh .it
SH_LOG_COMPILER = $(SHELL)
IT_LOG_COMPILER = bash

# ---- what tests share: rigs, fixtures, simulations
check_LIBRARIES = libtests.a
libtests_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/agent
libtests_a_SOURCES = \
	tests/alarmsim.c tests/alarmsim.h \
	tests/dns_rig.c tests/dns_rig.h \
	tests/fixture.c tests/fixture.h \
	tests/mibparse.c tests/mibparse.h \
	tests/monitor_rig.c tests/monitor_rig.h \
	tests/peer.c tests/peer.h \
	tests/planfix.c tests/planfix.h \
	tests/probe_rig.c tests/probe_rig.h \
	tests/said.c tests/said.h \
	tests/sockfix.c tests/sockfix.h
LDADD = libtests.a libagent.a $(core_libs) $(CMOCKA_LIBS)

# ---- one cmocka program a module; those of agent/ say where its headers are
unit_tests = \
	tests/test_addrwatch \
	tests/test_agenda \
	tests/test_alarm \
	tests/test_alarms \
	tests/test_alarms_brief \
	tests/test_alarms_hand \
	tests/test_alarms_lives \
	tests/test_axpdu \
	tests/test_bucket \
	tests/test_catalogue \
	tests/test_catalogue_lines \
	tests/test_catdiff \
	tests/test_cmd_check \
	tests/test_conf \
	tests/test_csv \
	tests/test_deadline \
	tests/test_diag \
	tests/test_event \
	tests/test_eventlog \
	tests/test_fastpath \
	tests/test_feed \
	tests/test_formula \
	tests/test_goodbye \
	tests/test_group \
	tests/test_hostwatch \
	tests/test_import \
	tests/test_journal \
	tests/test_listen \
	tests/test_listeners \
	tests/test_loop \
	tests/test_manager \
	tests/test_method \
	tests/test_mibindex \
	tests/test_mibtext \
	tests/test_mibwalk \
	tests/test_monitor \
	tests/test_monitor_probes \
	tests/test_neterr \
	tests/test_oidtext \
	tests/test_outbox \
	tests/test_output \
	tests/test_owner \
	tests/test_payload \
	tests/test_plan \
	tests/test_plan_probe \
	tests/test_pollset \
	tests/test_portfilter \
	tests/test_portset \
	tests/test_probe_greeting \
	tests/test_probe_icmp \
	tests/test_probe_names \
	tests/test_probe_net \
	tests/test_probe_tcp \
	tests/test_probe_tls \
	tests/test_probe_udp \
	tests/test_procnet \
	tests/test_reason \
	tests/test_remote \
	tests/test_resolve \
	tests/test_rfc3339 \
	tests/test_row \
	tests/test_rowtext \
	tests/test_sandbox \
	tests/test_schedule \
	tests/test_settx \
	tests/test_shipped \
	tests/test_site \
	tests/test_slurp \
	tests/test_sockdiag \
	tests/test_sockhint \
	tests/test_socklist \
	tests/test_source \
	tests/test_strays \
	tests/test_suggest \
	tests/test_svcport_cfg \
	tests/test_template \
	tests/test_udprule \
	tests/test_utf8 \
	tests/test_value \
	tests/test_verdict \
	tests/test_version \
	tests/test_workload
agent_test_flags = $(AM_CPPFLAGS) -I$(srcdir)/agent
tests_test_axpdu_CPPFLAGS = $(agent_test_flags)
tests_test_fastpath_CPPFLAGS = $(agent_test_flags)
tests_test_manager_CPPFLAGS = $(agent_test_flags)
tests_test_manager_LDADD = libtests.a $(agent_libs) $(CMOCKA_LIBS)
tests_test_mibtext_CPPFLAGS = $(agent_test_flags)
tests_test_mibwalk_CPPFLAGS = $(agent_test_flags)
tests_test_remote_CPPFLAGS = $(agent_test_flags)
tests_test_remote_LDADD = libtests.a $(agent_libs) $(CMOCKA_LIBS)
tests_test_settx_CPPFLAGS = $(agent_test_flags)
tests_test_value_CPPFLAGS = $(agent_test_flags)

# ---- programs that the integration tests drive
check_PROGRAMS = \
	tests/agent_fixture \
	tests/agentx_diff \
	tests/agentx_rough \
	tests/portholder
tests_agent_fixture_CPPFLAGS = $(agent_test_flags)
tests_agent_fixture_LDADD = libtests.a $(agent_libs)
# alone, so that "make all tests/portholder" does not build the libraries twice at once
tests_portholder_LDADD =
tests_agentx_diff_CPPFLAGS = $(agent_test_flags)
tests_agentx_rough_CPPFLAGS = $(agent_test_flags)

# ---- "make check": anybody, private daemons on loopback
check_scripts = \
	tests/docs.sh \
	tests/editions.sh \
	tests/export/complete.sh \
	tests/export/golden.sh \
	tests/golden.sh \
	tests/integration/agent-context.it \
	tests/integration/agent-diff.it \
	tests/integration/agent-restart.it \
	tests/integration/agent-rough.it \
	tests/integration/agent-set.it \
	tests/integration/agent-stall.it \
	tests/integration/agent-tcp.it \
	tests/integration/agent-walk.it \
	tests/integration/all-five.it \
	tests/integration/columns.it \
	tests/integration/contexts.it \
	tests/integration/guest.it \
	tests/integration/heartbeat.it \
	tests/integration/lag.it \
	tests/integration/lint.it \
	tests/integration/master.it \
	tests/integration/mutes.it \
	tests/integration/options.it \
	tests/integration/pipes.it \
	tests/integration/ports.it \
	tests/integration/reload.it \
	tests/integration/restart.it \
	tests/integration/status.it \
	tests/integration/surroundings.it \
	tests/integration/trap.it \
	tests/integration/v3.it \
	tests/integration/walk.it \
	tests/integration/watch.it \
	tests/integration/whole.it \
	tests/lint/cppcheck.sh \
	tests/lint/exports.sh \
	tests/lint/format.sh \
	tests/lint/includes.sh \
	tests/lint/manpages.sh \
	tests/lint/mib.sh \
	tests/lint/shellcheck.sh \
	tests/lint/sizes.sh \
	tests/lint/unit.sh \
	tests/manpages.sh \
	tests/services.sh
TESTS = $(check_scripts)
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

# ---- "make check-system": root, network namespaces, packages
system_scripts = \
	tests/system/address.it \
	tests/system/clocks.it \
	tests/system/datagrams.it \
	tests/system/deb.sh \
	tests/system/encrypted.it \
	tests/system/export-firewall.it \
	tests/system/export-librenms.it \
	tests/system/export-nagios.it \
	tests/system/export-prometheus.it \
	tests/system/export-snmptt.it \
	tests/system/fuzz.sh \
	tests/system/harmless.it \
	tests/system/importers.it \
	tests/system/memcheck.it \
	tests/system/names.it \
	tests/system/network.it \
	tests/system/notices.it \
	tests/system/pairs.it \
	tests/system/report.it \
	tests/system/picture.sh \
	tests/system/rpm.sh \
	tests/system/strays.it \
	tests/system/thread.it \
	tests/system/walkthrough.sh
# Faults, each for minutes in "make check-long"; a short form of them in check-system.
fault_scripts = \
	tests/long/badnet.it \
	tests/long/garbage.it \
	tests/long/kill.it \
	tests/long/master.it \
	tests/long/reload.it \
	tests/long/stall.it \
	tests/long/storm.it
# Those that take minutes and big packages, by hand only.
long_scripts = \
	tests/long/zabbix.it

check-system: all $(check_PROGRAMS)
	QUICK=1 $(MAKE) $(AM_MAKEFLAGS) check-TESTS \
		TESTS='$(system_scripts) $(fault_scripts)'
check-long: all $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(fault_scripts) $(long_scripts)'
.PHONY: check-system check-long

# ---- figures, by hand: make bench (BENCH_QUICK=1 for a short run)
benches = \
	tests/bench/bench_listen \
	tests/bench/bench_probe
bench_helpers = \
	tests/bench/agent_client \
	tests/bench/agent_floor \
	tests/bench/noipvs.so \
	tests/bench/trap_timer
tests_bench_bench_listen_SOURCES = \
	tests/bench/bench_listen.c \
	tests/bench/crowd.c \
	tests/bench/crowd.h \
	tests/bench/crowd_churn.c \
	tests/bench/figure.c \
	tests/bench/figure.h
tests_bench_bench_probe_SOURCES = \
	tests/bench/bench_probe.c \
	tests/bench/figure.c \
	tests/bench/figure.h
tests_bench_noipvs_so_SOURCES = tests/bench/noipvs.c
tests_bench_noipvs_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_bench_noipvs_so_LDFLAGS = -shared
tests_bench_noipvs_so_LDADD =
tests_bench_trap_timer_LDADD =
tests_bench_agent_client_CPPFLAGS = $(AM_CPPFLAGS) $(NETSNMP_CFLAGS)
tests_bench_agent_client_LDADD = $(NETSNMP_LIBS)
tests_bench_agent_floor_CPPFLAGS = $(agent_test_flags)
bench_run = builddir=. srcdir='$(srcdir)'; export builddir srcdir;
# All of them, whether one is short or not.
bench: $(benches) $(bench_helpers) svcport svcportd
	$(bench_run) status=0; \
	for b in tests/bench/bench_listen tests/bench/bench_probe \
	    $(srcdir)/tests/bench/latency $(srcdir)/tests/bench/daemon \
	    $(srcdir)/tests/bench/peers; do \
		echo "# $$b"; $$b || status=1; \
	done; exit $$status
bench-agent: $(bench_helpers) tests/agent_fixture tests/bench/bench_probe \
    tests/portholder svcportd
	$(bench_run) $(srcdir)/tests/bench/agent
bench-latency: $(bench_helpers) svcportd
	$(bench_run) $(srcdir)/tests/bench/latency
bench-listen: tests/bench/bench_listen
	tests/bench/bench_listen
.PHONY: bench bench-agent bench-latency bench-listen

# ---- fuzzing, longer than tests/system/fuzz.sh does: CC=clang ./configure
# --enable-sanitizers=fuzzer-no-link,address,undefined; make fuzz; tests/fuzz/run.sh SECONDS
fuzzers = \
	tests/fuzz/fuzz_conf \
	tests/fuzz/fuzz_event \
	tests/fuzz/fuzz_fastpath \
	tests/fuzz/fuzz_import \
	tests/fuzz/fuzz_journal \
	tests/fuzz/fuzz_mib \
	tests/fuzz/fuzz_netlink \
	tests/fuzz/fuzz_probe \
	tests/fuzz/fuzz_template \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_transport
fuzz_flags = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_conf_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_event_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_fastpath_CPPFLAGS = $(agent_test_flags) -I$(srcdir)/tests
tests_fuzz_fuzz_fastpath_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_import_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_journal_LDFLAGS = $(fuzz_flags) -Wl,--wrap=log_line
tests_fuzz_fuzz_mib_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_netlink_LDFLAGS = $(fuzz_flags) -Wl,--wrap=mnl_socket_sendto \
	-Wl,--wrap=mnl_socket_recvfrom
tests_fuzz_fuzz_probe_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_template_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_text_LDFLAGS = $(fuzz_flags)
tests_fuzz_fuzz_transport_CPPFLAGS = $(agent_test_flags) $(NETSNMP_CFLAGS)
tests_fuzz_fuzz_transport_LDADD = libtests.a $(agent_libs) $(CMOCKA_LIBS)
tests_fuzz_fuzz_transport_LDFLAGS = $(fuzz_flags) -Wl,--wrap=dial_unix
fuzz: $(fuzzers)
.PHONY: fuzz

EXTRA_PROGRAMS = $(benches) $(bench_helpers) $(fuzzers)
CLEANFILES += $(EXTRA_PROGRAMS)
