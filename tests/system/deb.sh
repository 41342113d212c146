#!/bin/bash
# The Debian packages: built, lintian's opinion of them, and their life on a fresh Debian 12
# with its own systemd and a snmpd that runs already: installed, asked, stopped by force,
# rebooted, upgraded, in a second network namespace, removed, purged.  Wants root and a
# Debian mirror.

set -u

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-deb-test.XXXXXX")
root=1.3.6.1.4.1.8072.9999.9999.2741
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

# shellcheck source=tests/system/fresh.sh
. "$srcdir/tests/system/fresh.sh"
# shellcheck source=tests/system/machine.sh
. "$srcdir/tests/system/machine.sh"

# ---- frame

clean_up() {
	local status=$?

	trap - EXIT
	machine_end
	rm -rf "$work"
	exit $status
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

skip() {
	echo "skip: $*"
	exit 77
}

fail() {
	echo "FAIL: $*"
	[ ! -s "$work/log" ] || tail -n 40 "$work/log"
	[ -z "$machine_pid" ] || inside journalctl -q --no-pager -n 30
	exit 1
}

step() {
	echo "- $*"
}

# ---- the packages

# older PACKAGE: as it was before: a lower version and, in svcportd, another site file
older() {
	local tree=$work/older/$1 conf=etc/svcport/svcport.cfg

	mkdir -p "$work/older"
	dpkg-deb -R "$(echo "$work"/debs/"$1"_*.deb)" "$tree"
	sed -i -e 's/^Version: .*/Version: 0.0.9/' \
		-e 's/\(svcport (= \)[^)]*)/\10.0.9)/' "$tree/DEBIAN/control"
	if [ -f "$tree/$conf" ]; then
		echo '# a line of an older edition' >>"$tree/$conf"
		(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' |
			sort -z | xargs -0 md5sum >DEBIAN/md5sums)
	fi
	dpkg-deb --root-owner-group -b "$tree" "$work/older/$1.deb"
}

build_packages() {
	step "dpkg-buildpackage"
	fresh_debs "$work/debs" || fail "the packages do not build"
	step "lintian"
	quietly "lintian" lintian --allow-root --fail-on error,warning \
		"$work"/debs/*.changes
	quietly "an older edition" older svcport
	quietly "an older edition" older svcportd
}

fresh_system() {
	step "debootstrap, systemd"
	machine_new || skip "no fresh system"
	mkdir "$machine/debs" "$machine/debs/older"
	cp "$work"/debs/svcport{,d}_*.deb "$machine/debs"
	cp "$work"/older/*.deb "$machine/debs/older"
	cp "$builddir/tests/portholder" "$machine/usr/local/bin"
	# What they depend on is fetched while there is a network.
	quietly "apt-get --download-only" in_tree sh -c \
		'apt-get -qy --download-only install /debs/*.deb'
	machine_boot
	inside systemctl -q is-active snmpd || fail "snmpd does not run"
}

# find_listing NAME: every file of the machine that a package could have left behind
find_listing() {
	(cd "$machine" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./run -o \
		-path ./tmp -o -path ./debs -o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/lib/snmp \) \
		-prune -o -print) | sort >"$work/$1.list"
}

# ---- asking

# asks OPTION... OID: a walk of it has values
asks() {
	inside snmpwalk -t 1 -r 0 -On "${@:1:$#-1}" 127.0.0.1 "${*: -1}" >"$work/answer" 2>&1 &&
		grep -q "^\.${*: -1}" "$work/answer" &&
		! grep -q 'No Such\|No more' "$work/answer"
}

public=(-v2c -c public)
noc=(-v2c -c noc)
engineer=(-v3 -l authPriv -u engineer -a SHA -A authpassword -x AES -X privpassword)

# value OID: of a scalar, for the NOC
value() {
	inside snmpget "${noc[@]}" -t 2 -r 2 -Oqv 127.0.0.1 "$1"
}

# verdict NAME NUMBER: the row so named has it
verdict() {
	local index

	index=$(inside snmpbulkwalk "${noc[@]}" -t 2 -r 2 -On 127.0.0.1 $root.1.7.1.1 |
		sed -n "s|^\.$root\.1\.7\.1\.1\.\([0-9.]*\) = STRING: \"$1\"\$|\1|p")
	[ -n "$index" ] && [ "$(value $root.1.7.1.10."$index")" = "$2" ]
}

pid_of_unit() {
	inside systemctl show -P MainPID "$1"
}

# svcPortSystemConfigStatus
refused() {
	[ "$(value $root.1.1.5.0)" = 3 ]
}

replaced() {
	[ "$(pid_of_unit svcportd)" != "$1" ] && inside systemctl -q is-active svcportd
}

connected() {
	inside grep -q ' 03 .*/var/agentx/master' /proc/net/unix
}

# ---- the steps

check_installed() {
	[ "$(pid_of_unit snmpd)" != "$snmpd" ] || fail "snmpd was not restarted"
	[ "$(grep -c 'restarting snmpd once' "$work/log")" -eq 1 ] ||
		fail "the restart is not announced, once"
	snmpd=$(pid_of_unit snmpd)
	check_agentx
	# shellcheck disable=SC2016 # dpkg's own
	inside dpkg-query -W -f '${Conffiles}' svcportd >"$work/conffiles"
	for file in /etc/svcport/svcport.cfg /etc/snmp/snmpd.conf.d/svcport.conf; do
		grep -q " $file " "$work/conffiles" || fail "$file is no conffile"
	done
	inside sh -c 'svcport lint /etc/svcport/svcport.cfg && svcport catalogues' \
		>"$work/log" 2>&1 || fail "svcport as installed"
	grep -q sevone-nms "$work/log" || fail "the catalogues are not there"
	[ "$(stat -c %a "$machine/usr/share/snmp/mibs/SVCPORT-MIB.txt")" = 644 ] ||
		fail "the MIB"
	inside svcport export --root $root zabbix |
		cmp - "$machine/usr/share/svcport/exports/zabbix/svcport.yaml" ||
		fail "the importer files"
	[ -f "$machine/usr/share/doc/svcport/docs/zabbix.md" ] || fail "the documents"
}

# Directory and socket are the group's, and nobody else's.
check_agentx() {
	[ "$(inside stat -c '%a %U:%G' /var/agentx)" = "750 root:agentx" ] ||
		fail "/var/agentx is $(inside stat -c '%a %U:%G' /var/agentx)"
	[ "$(inside stat -c '%a %U:%G' /var/agentx/master)" = "660 root:agentx" ] ||
		fail "the socket is $(inside stat -c '%a %U:%G' /var/agentx/master)"
	wait_for 30 "connection to snmpd" connected
}

check_unit() {
	local pid

	step "svcportd runs, with no rights"
	inside systemctl -q is-active svcportd || fail "svcportd does not run"
	inside systemctl -q is-enabled svcportd || fail "svcportd is not enabled"
	pid=$(pid_of_unit svcportd)
	inside cat "/proc/$pid/status" >"$work/log"
	[ "$(inside ps -o user= -p "$pid")" = svcport ] || fail "not as svcport"
	grep -q '^CapEff:[[:space:]]*0*$' "$work/log" || fail "it has capabilities"
	grep -q '^CapBnd:[[:space:]]*0*$' "$work/log" || fail "it may get capabilities"
	grep -q '^NoNewPrivs:[[:space:]]*1$' "$work/log" || fail "it may get privileges"
	grep -q '^Seccomp:[[:space:]]*2$' "$work/log" || fail "no system call filter"
	[ "$(inside systemctl show -P Type svcportd)" = notify ] || fail "Type"
	inside systemd-analyze security --no-pager --threshold=15 svcportd.service \
		>"$work/log" || fail "exposure"
	grep "Overall exposure" "$work/log" | sed 's/.*exposure level/  exposure level/'
}

check_views() {
	step "Debian's own view is as narrow as before"
	! asks "${public[@]}" $root || fail "community public sees svcport"
	! asks "${public[@]}" 1.3.6.1.2.1.4 || fail "community public sees more than before"
	asks "${public[@]}" 1.3.6.1.2.1.1.5 || fail "community public sees less than before"

	step "with one documented line svcPortSummary answers"
	cp -p "$machine/etc/snmp/snmpd.conf" "$work/snmpd.conf"
	grep -q '^#     rocommunity NAME default -V svcport$' \
		"$machine/etc/snmp/snmpd.conf.d/svcport.conf" || fail "no line to copy"
	echo 'rocommunity noc default -V svcport' >>"$machine/etc/snmp/snmpd.conf"
	inside systemctl restart snmpd
	wait_for 30 "svcPortSummary" asks "${noc[@]}" $root.1.2
	wc -l <"$work/answer" | sed 's/$/ values/; s/^/  /'
	! asks "${noc[@]}" 1.3.6.1.2.1.1 || fail "the view holds more than svcport"
	! asks "${public[@]}" $root || fail "community public sees svcport"

	step "and with a SNMPv3 user"
	grep -q '^#     rouser NAME priv -V svcport$' \
		"$machine/etc/snmp/snmpd.conf.d/svcport.conf" || fail "no line to copy"
	inside systemctl stop snmpd
	echo 'createUser engineer SHA authpassword AES privpassword' \
		>>"$machine/var/lib/snmp/snmpd.conf"
	echo 'rouser engineer priv -V svcport' >>"$machine/etc/snmp/snmpd.conf"
	inside systemctl start snmpd
	wait_for 30 "svcPortSummary" asks "${engineer[@]}" $root.1.2
	! asks "${engineer[@]}" 1.3.6.1.2.1.1 || fail "the view holds more than svcport"
	! asks "${engineer[@]}" -l authNoPriv $root.1.2 || fail "without privacy"
	snmpd=$(pid_of_unit snmpd)
	check_agentx
}

check_site() {
	step "a site file, at a reload; a port that closes"
	sed -i '/^format = 1;$/a hosts = ( { name = "here"; local = true; roles = ["flowmon:collector"]; } ); hold = 0; boot-grace = 0;' \
		"$machine/etc/svcport/svcport.cfg"
	inside systemd-run -q --unit=holder sh -c 'tail -f /dev/null | portholder udp/2055'
	inside systemctl reload svcportd
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 1
	inside systemctl stop holder
	wait_for 30 "verdict of a closed port" verdict flowmon/netflow-2055@here 7
	inside systemd-run -q --unit=holder sh -c 'tail -f /dev/null | portholder udp/2055'
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 1
	[ "$(value $root.1.10.1.0)" -ge 2 ] || fail "no events: $(value $root.1.10.1.0)"

	step "a configuration that is wrong is refused, and not tried again and again"
	cp "$machine/etc/svcport/svcport.cfg" "$work/site"
	echo 'no-such-key = 1;' >>"$machine/etc/svcport/svcport.cfg"
	inside systemctl reload svcportd
	wait_for 20 "word of it" refused
	! inside systemctl restart svcportd 2>/dev/null || fail "it starts"
	[ "$(inside systemctl show -P ExecMainStatus svcportd)" = 2 ] || fail "exit status"
	[ "$(inside systemctl show -P SubState svcportd)" = failed ] || fail "it is tried again"
	cat "$work/site" >"$machine/etc/svcport/svcport.cfg"
	inside systemctl restart svcportd || fail "restart"
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 1
}

check_watchdog() {
	local pid

	step "a hanging svcportd is replaced"
	inside mkdir -p /run/systemd/system/svcportd.service.d
	printf '[Service]\nWatchdogSec=2\nRestartSec=0\n' |
		inside tee /run/systemd/system/svcportd.service.d/test.conf >/dev/null
	inside systemctl daemon-reload
	inside systemctl restart svcportd
	pid=$(pid_of_unit svcportd)
	sleep 4 # longer than the watchdog waits: it is fed
	[ "$(pid_of_unit svcportd)" = "$pid" ] || fail "the watchdog is not fed"
	inside kill -STOP "$pid"
	wait_for 60 "another svcportd" replaced "$pid"
	inside rm -r /run/systemd/system/svcportd.service.d
	inside systemctl daemon-reload
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 1
}

check_reboot() {
	local events

	step "after a reboot all is as before"
	events=$(value $root.1.10.1.0)
	machine_end
	machine_boot
	wait_for 30 "svcportd" inside systemctl -q is-active svcportd
	check_agentx
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 7
	[ "$(value $root.1.10.1.0)" -gt "$events" ] || fail "events begin anew"
	snmpd=$(pid_of_unit snmpd)
}

check_upgrade() {
	local pid events

	step "an upgrade keeps what was changed, and the state; svcportd runs on"
	echo '# a line of the user' >>"$machine/etc/svcport/svcport.cfg"
	events=$(value $root.1.10.1.0)
	pid=$(pid_of_unit svcportd)
	quietly "apt-get install" inside sh -c \
		'apt-get -qy -o Dpkg::Options::=--force-confold install /debs/*.deb'
	grep -q '^# a line of the user$' "$machine/etc/svcport/svcport.cfg" ||
		fail "the user's line is gone"
	[ -e "$machine/etc/svcport/svcport.cfg.dpkg-dist" ] || fail "nothing to compare with"
	! grep -q 'restarting snmpd' "$work/log" || fail "an upgrade restarts snmpd"
	[ "$(pid_of_unit snmpd)" = "$snmpd" ] || fail "an upgrade restarts snmpd"
	[ "$(pid_of_unit svcportd)" != "$pid" ] || fail "the old program still runs"
	wait_for 30 "verdict" verdict flowmon/netflow-2055@here 7
	[ "$(value $root.1.10.1.0)" -ge "$events" ] || fail "events begin anew"
	value $root.1.1.1.0 | grep -q 'svcportd 0\.1' || fail "version"
	check_agentx
}

check_namespace() {
	local blue

	step "svcportd@blue for the network namespace blue"
	inside ip netns add blue
	inside ip -n blue link set lo up
	sed "s/NAME/blue/g" "$machine/usr/share/doc/svcport/examples/namespace.cfg" \
		>"$machine/etc/svcport/blue.cfg"
	echo 'hold = 0; boot-grace = 0;' >>"$machine/etc/svcport/blue.cfg"
	echo 'rocommunity noc-blue default -V svcport blue' >>"$machine/etc/snmp/snmpd.conf"
	inside systemctl restart snmpd
	inside systemctl enable -q --now svcportd@blue || fail "svcportd@blue"
	wait_for 30 "answer of context blue" asks -v2c -c noc-blue $root.1.2
	# the port of the first namespace is not open there, nor the other way round
	noc=(-v2c -c noc-blue)
	wait_for 30 "verdict in blue" verdict flowmon/netflow-2055@blue 7
	inside systemd-run -q --unit=bluehold -p NetworkNamespacePath=/run/netns/blue \
		sh -c 'tail -f /dev/null | portholder udp/2055'
	wait_for 30 "verdict in blue" verdict flowmon/netflow-2055@blue 1
	noc=(-v2c -c noc)
	verdict flowmon/netflow-2055@here 7 || fail "blue's port is seen outside"
	[ "$(inside stat -c %U /var/lib/svcport-blue)" = svcport ] || fail "state of blue"
	snmpd=$(pid_of_unit snmpd)

	step "an upgrade replaces that one, too"
	blue=$(pid_of_unit svcportd@blue)
	quietly "install again" inside sh -c \
		'dpkg -i --force-confold /debs/svcport_*.deb /debs/svcportd_*.deb'
	[ "$(pid_of_unit svcportd@blue)" != "$blue" ] || fail "the old program still runs"
	inside systemctl -q is-active svcportd@blue || fail "it does not run any more"
	rm "$machine/etc/svcport/blue.cfg"
}

check_removal() {
	step "remove leaves the configuration, purge nothing"
	quietly "remove" inside dpkg -r svcportd svcport
	! inside pidof svcportd || fail "it still runs"
	[ -e "$machine/etc/svcport/svcport.cfg" ] || fail "remove takes the configuration"
	[ -d "$machine/var/lib/svcport" ] || fail "remove takes the state"
	quietly "purge" inside dpkg -P svcportd svcport
	! inside getent passwd svcport || fail "user svcport is still there"
	! inside getent group agentx || fail "group agentx is still there"
	cp -p "$work/snmpd.conf" "$machine/etc/snmp/snmpd.conf"
	inside systemctl stop bluehold holder 2>/dev/null
	inside ip netns del blue
	find_listing after
	# What the packages depended on stays until apt-get autoremove.
	comm -13 "$work/before.list" "$work/after.list" |
		grep -i 'svcport\|agentx\|portholder' | grep -v /usr/local/bin/ &&
		fail "the files above are left"
	[ "$(inside stat -c '%a %U:%G' /var/agentx)" = "700 root:root" ] ||
		fail "/var/agentx is open to a group that is gone"
	[ "$(inside systemctl is-system-running)" = running ] || fail "failed units are left"
	step "snmpd goes on as it was"
	[ "$(pid_of_unit snmpd)" = "$snmpd" ] || fail "snmpd was restarted"
	inside systemctl restart snmpd
	wait_for 20 "answer of snmpd" asks "${public[@]}" 1.3.6.1.2.1.1.5
}

# Where snmpd's files are not in order, it stays as it is.
check_bad_snmpd() {
	step "with a broken snmpd.conf snmpd is not restarted, and that is said"
	snmpd=$(pid_of_unit snmpd)
	echo 'view broken inclooded .1' >>"$machine/etc/snmp/snmpd.conf"
	quietly "install again" inside sh -c 'dpkg -i /debs/svcport_*.deb /debs/svcportd_*.deb'
	grep -q 'not restarted, since its configuration does not parse' "$work/log" ||
		fail "nothing said of it"
	grep -q 'inclooded\|TYPE must be' "$work/log" || fail "not said what is wrong"
	[ "$(pid_of_unit snmpd)" = "$snmpd" ] || fail "snmpd was restarted"
	quietly "purge again" inside dpkg -P svcportd svcport
	cp -p "$work/snmpd.conf" "$machine/etc/snmp/snmpd.conf"
}

check_stopped_snmpd() {
	step "a snmpd that is stopped stays stopped, and works when it is started"
	inside systemctl stop snmpd
	quietly "install again" inside sh -c 'dpkg -i /debs/svcport_*.deb /debs/svcportd_*.deb'
	! grep -q 'restarting snmpd' "$work/log" || fail "it is restarted"
	! inside systemctl -q is-active snmpd || fail "snmpd runs"
	inside systemctl -q is-active svcportd || fail "svcportd does not wait for it"
	inside systemctl start snmpd
	wait_for 30 "AgentX socket" inside test -S /var/agentx/master
	check_agentx
	quietly "purge again" inside dpkg -P svcportd svcport
}

[ "$(id -u)" -eq 0 ] || skip "wants root"
for program in dpkg-buildpackage dh lintian debootstrap unshare nsenter; do
	command -v $program >/dev/null || skip "no $program"
done
grep -qs '^12\.' /etc/debian_version ||
	skip "packages for Debian 12 are built on Debian 12"

build_packages
fresh_system
snmpd=$(pid_of_unit snmpd)
find_listing before
step "apt-get install ./svcport*.deb, an older edition, where snmpd runs"
quietly "apt-get install" inside sh -c 'apt-get -qy install /debs/older/*.deb'
check_installed
check_unit
check_views
check_site
check_watchdog
check_reboot
check_upgrade
check_namespace
check_removal
check_bad_snmpd
check_stopped_snmpd
