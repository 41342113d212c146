#!/bin/bash
# The Debian packages: built, lintian's opinion of them, and their life in a fresh Debian 12
# with a real snmpd in network and process namespaces of its own: installed, asked, upgraded,
# removed, purged.  Wants root and a Debian mirror.

set -u

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-deb-test.XXXXXX")
chroot=$work/root
inside_pid=
root=1.3.6.1.4.1.8072.9999.9999.2741
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

# shellcheck source=tests/system/fresh.sh
. "$srcdir/tests/system/fresh.sh"

# ---- frame

clean_up() {
	local status=$?

	trap - EXIT
	# The first process of a pid namespace takes all others, and the mounts, with it.
	[ -z "$inside_pid" ] || kill -KILL "$inside_pid" 2>/dev/null
	[ -z "$inside_pid" ] || wait "$inside_pid" 2>/dev/null
	if grep -q " $chroot" /proc/self/mounts; then
		echo "mounts left over, not removed: $work"
		exit 1
	fi
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
	exit 1
}

step() {
	echo "- $*"
}

wait_for() {
	local deadline=$((SECONDS + $1)) what=$2

	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || fail "no $what in time"
		sleep 0.2
	done
}

# inside COMMAND...: in the fresh system
inside() {
	nsenter --target "$inside_pid" --mount --net --pid --ipc --uts \
		chroot "$chroot" "$@"
}

# quietly WHAT COMMAND...
quietly() {
	local what=$1

	shift
	"$@" >"$work/log" 2>&1 </dev/null || fail "$what"
}

# ---- the packages

build_packages() {
	step "dpkg-buildpackage"
	fresh_debs "$work/debs" || fail "the packages do not build"
	step "lintian"
	lintian --allow-root --fail-on error,warning "$work"/debs/*.changes \
		>"$work/log" 2>&1 || fail "lintian"
}

# ---- a fresh system

fresh_system() {
	step "debootstrap"
	fresh_root "$chroot" || skip "no fresh system"
	# No init system is at work in there, hence the word of policy-rc.d(8) counts.
	# shellcheck disable=SC2016 # its own argument
	printf '#!/bin/sh\n[ "$1" = snmpd ] || exit 101\n' \
		>"$chroot/usr/sbin/policy-rc.d"
	chmod +x "$chroot/usr/sbin/policy-rc.d"
	mkdir "$chroot/debs"
	cp "$work"/debs/svcport{,d}_*.deb "$chroot/debs"
	# What they depend on is fetched while there is a network.
	quietly "apt-get --download-only" chroot "$chroot" sh -c \
		'apt-get -qy --download-only install /debs/*.deb'
	unshare --net --mount --pid --ipc --uts --fork sh -c "
		mount -t proc proc '$chroot/proc' &&
		mount -t tmpfs tmpfs '$chroot/run' &&
		mount -t devpts devpts '$chroot/dev/pts' && ip link set lo up &&
		exec sleep infinity" 2>/dev/null &
	wait_for 10 "namespace" first_inside
	wait_for 10 "loopback" inside ip -4 address show up dev lo
}

# unshare's child: the first process in there
first_inside() {
	inside_pid=$(pgrep -P $! -x sleep)
}

# find_listing NAME: every file of the fresh system that a package could have left behind
find_listing() {
	(cd "$chroot" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./run -o \
		-path ./tmp -o -path ./debs -o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/lib/snmp \) \
		-prune -o -print) | sort >"$work/$1.list"
}

# ---- its snmpd, as Debian's unit starts it, by hand

start_snmpd() {
	inside snmpd -LOw -Lf /var/log/snmpd.log -u Debian-snmp -g Debian-snmp \
		-I -smux,mteTrigger,mteTriggerConf -p /run/snmpd.pid
	wait_for 10 "answer of snmpd" answers public 1.3.6.1.2.1.1.5.0
}

stop_snmpd() {
	inside kill "$(inside pidof snmpd)"
	wait_for 10 "end of snmpd" no_process snmpd
}

no_process() {
	! inside pidof "$1"
}

# answers COMMUNITY OID
answers() {
	inside snmpwalk -v2c -c "$1" -t 1 -r 0 -On 127.0.0.1 "$2" >"$work/answer" 2>&1 &&
		grep -q "^\.$2" "$work/answer" && ! grep -q 'No Such\|No more' "$work/answer"
}

start_svcportd() {
	# What the unit's StateDirectory= does.
	inside install -d -m 0750 -o svcport -g svcport /var/lib/svcport
	inside setpriv --reuid=svcport --regid=svcport --init-groups \
		/usr/sbin/svcportd -c /etc/svcport/svcport.cfg
}

# ---- the steps

socket_is() {
	[ "$(inside stat -c '%a %U:%G' /var/agentx/master)" = "$1" ]
}

check_installed() {
	local perms

	perms=$(stat -c '%a' "$chroot/var/agentx")
	[ "$perms" = 750 ] || fail "/var/agentx has mode $perms"
	perms=$(inside stat -c '%U:%G' /var/agentx)
	[ "$perms" = root:agentx ] || fail "/var/agentx belongs to $perms"
	wait_for 10 "AgentX socket of the group's" socket_is "660 root:agentx"
	inside id -nG svcport | grep -qw agentx || fail "svcport is not in group agentx"
	inside svcportd -t >"$work/log" 2>&1 || fail "the shipped configuration"
	inside sh -c 'svcport lint /etc/svcport/svcport.cfg && svcport catalogues' \
		>"$work/log" 2>&1 || fail "svcport as installed"
	grep -q sevone-nms "$work/log" || fail "the catalogues are not there"
	inside snmptranslate -m +SVCPORT-MIB -M +/usr/share/snmp/mibs -On \
		SVCPORT-MIB::svcPortSummaryTable >"$work/log" 2>&1
	[ "$(stat -c %a "$chroot/usr/share/snmp/mibs/SVCPORT-MIB.txt")" = 644 ] ||
		fail "the MIB"
}

check_answers() {
	step "Debian's own view is as narrow as before"
	start_svcportd
	wait_for 30 "connection to snmpd" inside sh -c \
		'grep -q " 03 .*/var/agentx/master" /proc/net/unix'
	! answers public "$root" || fail "community public sees svcport"
	! answers public 1.3.6.1.2.1.4 || fail "community public sees more than before"

	step "with one documented line svcPortSummary answers"
	grep -q '^#     rocommunity NAME default -V svcport$' \
		"$chroot/etc/snmp/snmpd.conf.d/svcport.conf" || fail "no line to copy"
	cp -p "$chroot/etc/snmp/snmpd.conf" "$work/snmpd.conf"
	echo 'rocommunity noc default -V svcport' >>"$chroot/etc/snmp/snmpd.conf"
	stop_snmpd
	start_snmpd
	wait_for 60 "svcPortSummary" answers noc "$summary"
	wc -l <"$work/answer" | sed 's/$/ values/'
	! answers noc 1.3.6.1.2.1.1 || fail "the view holds more than svcport"
	! answers public "$root" || fail "community public sees svcport"
}

# A second edition of svcportd: another version, another line in its conffile.
make_upgrade() {
	local deb=$1

	dpkg-deb -R "$deb" "$work/next"
	sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
	echo '# a line of the next edition' >>"$work/next/etc/svcport/svcport.cfg"
	(cd "$work/next" && md5sum etc/svcport/svcport.cfg) >/dev/null
	dpkg-deb --root-owner-group -b "$work/next" "$chroot/debs/next.deb"
}

check_upgrade() {
	step "an upgrade keeps a configuration that was changed"
	quietly "the next edition" make_upgrade "$work"/debs/svcportd_*.deb
	echo '# a line of the user' >>"$chroot/etc/svcport/svcport.cfg"
	quietly "the upgrade" inside dpkg -i --force-confold /debs/next.deb
	grep -q '^# a line of the user$' "$chroot/etc/svcport/svcport.cfg" ||
		fail "the user's line is gone"
	! grep -q restart "$work/log" || fail "an upgrade restarts snmpd"
	[ -e "$chroot/etc/svcport/svcport.cfg.dpkg-dist" ] || fail "no file to compare with"
}

check_removal() {
	step "remove leaves the configuration, purge nothing"
	inside kill "$(inside pidof svcportd)"
	wait_for 10 "end of svcportd" no_process svcportd
	stop_snmpd
	quietly "remove" inside dpkg -r svcportd svcport
	[ -e "$chroot/etc/svcport/svcport.cfg" ] || fail "remove takes the configuration"
	[ -d "$chroot/var/lib/svcport" ] || fail "remove takes the state"
	quietly "purge" inside dpkg -P svcportd svcport
	! inside getent passwd svcport || fail "user svcport is still there"
	! inside getent group agentx || fail "group agentx is still there"
	cp -p "$work/snmpd.conf" "$chroot/etc/snmp/snmpd.conf"
	find_listing after
	# What the packages depended on stays until apt-get autoremove.
	comm -13 "$work/before.list" "$work/after.list" | grep -i 'svcport\|agentx' &&
		fail "the files above are left"
	[ "$(inside stat -c '%a %U:%G' /var/agentx)" = "700 root:root" ] ||
		fail "/var/agentx is open to a group that is gone"
	step "snmpd goes on as it was"
	start_snmpd
	stop_snmpd
}

# Where snmpd's files are not in order, it stays as it is.
check_bad_snmpd() {
	step "with a broken snmpd.conf snmpd is not restarted, and that is said"
	echo 'view broken inclooded .1' >>"$chroot/etc/snmp/snmpd.conf"
	quietly "install again" inside sh -c 'dpkg -i /debs/svcport_*.deb /debs/svcportd_*.deb'
	grep -q 'not restarted, since its configuration does not parse' "$work/log" ||
		fail "nothing said of it"
	grep -q 'inclooded\|TYPE must be' "$work/log" || fail "not said what is wrong"
	quietly "purge again" inside dpkg -P svcportd svcport
}

[ "$(id -u)" -eq 0 ] || skip "wants root"
for program in dpkg-buildpackage dh lintian debootstrap unshare nsenter; do
	command -v $program >/dev/null || skip "no $program"
done
grep -qs '^12\.' /etc/debian_version ||
	skip "packages for Debian 12 are built on Debian 12"

summary=$root.1.2
build_packages
fresh_system
start_snmpd
find_listing before
step "apt-get install ./svcport*.deb, where snmpd runs"
quietly "apt-get install" inside sh -c \
	'apt-get -qy install /debs/svcport_*.deb /debs/svcportd_*.deb'
grep -q 'restarting snmpd once' "$work/log" || fail "the restart is not announced"
check_installed
check_answers
check_upgrade
check_removal
check_bad_snmpd
