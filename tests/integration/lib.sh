# shellcheck shell=bash
# Functions for integration tests: private daemons on unprivileged loopback ports, with
# files of their own below a temporary directory, ended by process id whatever happens.
#
#   . "$srcdir/tests/integration/lib.sh"
#   need snmpd snmpwalk
#   start_snmpd
#   wait_for 30 "an answer" answers 1.3.6.1.2.1.1.5.0
#
# A test ends with status 0, with `fail TEXT`, or with `skip REASON` (77).  With KEEP=1
# the temporary directory stays.

set -u

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
TZ=UTC
work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-test.XXXXXX")
root=1.3.6.1.4.1.8072.9999.9999.2741
# Neither the user's nor the system's files for the SNMP programs.
MIBS=
SNMPCONFPATH=$work
SNMP_PERSISTENT_DIR=$work/persistent
# LeakSanitizer wants ptrace(2), which svcportd's system call filter refuses; valgrind looks
# for leaks instead.
ASAN_OPTIONS=detect_leaks=0
mkdir -p "$SNMP_PERSISTENT_DIR"
export ASAN_OPTIONS PATH LC_ALL TZ MIBS SNMPCONFPATH SNMP_PERSISTENT_DIR work root

# Daemons are never root's: what root starts runs as nobody, who gets copies when the tree
# lies where only root may go.
as_user=()
bin=$builddir
catalogues=$srcdir/conf/catalogues
if [ "$(id -u)" -eq 0 ]; then
	nobody=$(id -u nobody) || exit 1
	as_user=(setpriv "--reuid=$nobody" "--regid=$(id -g nobody)" --clear-groups)
	if ! "${as_user[@]}" test -x "$bin/." -a -r "$catalogues/."; then
		bin=$work/bin
		mkdir -p "$bin/tests"
		for name in svcport svcportd tests/portholder tests/agent_fixture; do
			[ ! -f "$builddir/$name" ] || cp "$builddir/$name" "$bin/$name"
		done
		cp -r "$catalogues" "$work/catalogues"
		catalogues=$work/catalogues
	fi
	chown -R "$nobody" "$work"
fi

declare -A pid_of=()

# start NAME COMMAND...: runs it in the background, its output in $work/NAME.log
start() {
	local name=$1

	shift
	"${as_user[@]}" "$@" >>"$work/$name.log" 2>&1 </dev/null {ports_lock}<&- &
	pid_of[$name]=$!
}

alive() {
	[ -n "${pid_of[$1]:-}" ] && kill -0 "${pid_of[$1]}" 2>/dev/null
}

# stop NAME [SIGNAL]: ends it and waits; the status is the program's
stop() {
	local name=$1 pid=${pid_of[$1]:-} i

	[ -n "$pid" ] || return 0
	unset "pid_of[$name]"
	[ "${2:-TERM}" != KILL ] || disown "$pid" # the shell would comment on it
	kill -CONT "$pid" 2>/dev/null
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	for ((i = 0; i < 200; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

clean_up() {
	local status=$? name

	trap - EXIT
	for name in "${!pid_of[@]}"; do
		stop "$name" || daemon_ended "$name" $?
	done
	# A bench with a figure that is short has nothing to explain.
	if [ $status -ne 0 ] && [ $status -ne 77 ] && [ "${bench_short:-0}" -eq 0 ]; then
		grep -hv "Connection from UDP" "$work"/*.log | tail -n 40
	fi
	if [ -n "${KEEP:-}" ]; then
		echo "kept: $work"
	else
		rm -rf "$work"
	fi
	exit $status
}

# svcportd ends with 0 whenever it is asked to; a sanitizer or valgrind speaks up so, too.
daemon_ended() {
	if [ "$1" = svcportd ] && [ "$status" -eq 0 ]; then
		echo "FAIL: svcportd ends with status $2"
		status=1
	fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

skip() {
	echo "skip: $*"
	exit 77
}

fail() {
	echo "FAIL: $*"
	exit 1
}

step() {
	echo "- $*"
}

# need PROGRAM...: skips the test without one of them
need() {
	local program

	for program in "$@"; do
		command -v "$program" >/dev/null || skip "no $program"
	done
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds, or the test fails
wait_for() {
	local deadline=$((SECONDS + $1)) what=$2

	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || fail "no $what in time"
		sleep 0.05
	done
}

# Tests run side by side, those of another tree on this machine too, and a port that one of
# them keeps closed must not be opened by another: each has a hundred of its own, by a lock
# that ends with it.  What another user put there is read, and never written through.
ports_first=
for ((n = RANDOM, tries = 0; tries < 110; n++, tries++)); do
	lock=/tmp/svcport-ports.$((n % 110))
	[ -e "$lock" ] || (umask 022 && set -C && : >"$lock") 2>/dev/null
	if [ ! -f "$lock" ] || [ ! -r "$lock" ]; then
		continue
	fi
	exec {ports_lock}<"$lock"
	if flock -n "$ports_lock"; then
		ports_first=$((21000 + 100 * (n % 110))) # behind those of tests/bench
		break
	fi
	exec {ports_lock}<&-
done
[ -n "$ports_first" ] || fail "110 other tests hold /tmp/svcport-ports.*"

# free_port: prints a UDP and TCP port that nothing is bound to, another one each time
free_port() {
	local given=0 port hex

	[ ! -f "$work/ports" ] || read -r given <"$work/ports"
	while :; do
		[ "$given" -lt 100 ] || fail "a hundred ports are not enough" >&2
		port=$((ports_first + given++))
		hex=$(printf ':%04X ' $port)
		grep -qs "$hex" /proc/net/{udp,udp6,tcp,tcp6} || break
	done
	echo "$given" >"$work/ports"
	echo $port
}

# ---- snmpd: $snmpd_address, $agentx_socket; user "svc" with authPriv, community public

# start_snmpd [LINE...]: lines are added to its configuration
start_snmpd() {
	if [ -z "${snmpd_address:-}" ]; then
		snmpd_address=127.0.0.1:$(free_port)
		agentx_socket=$work/agentx
		{
			echo "rwcommunity public 127.0.0.1"
			echo "createUser svc SHA authpassword AES privpassword"
			echo "rwuser svc priv"
			echo "master agentx"
			echo "agentXSocket $agentx_socket"
			[ $# -eq 0 ] || printf '%s\n' "$@"
		} >"$work/snmpd.conf"
	fi
	rm -f "$agentx_socket"
	start snmpd snmpd -f -Lo -C -c "$work/snmpd.conf" -I -smux -r \
		"udp:$snmpd_address"
	wait_for 30 "AgentX socket" test -S "$agentx_socket"
}

v2c() {
	local program=$1

	shift
	"$program" -v2c -c public -t 2 -r 2 -On "$@"
}

v3() {
	local program=$1

	shift
	"$program" -v3 -u svc -l authPriv -a SHA -A authpassword -x AES \
		-X privpassword -t 2 -r 2 -On "$@"
}

# get OID...: the lines of a GET
get() {
	v2c snmpget "$snmpd_address" "$@"
}

# has_rows N OID [PATTERN]: a walk of OID gives N lines (that match)
has_rows() {
	[ "$(v2c snmpwalk "$snmpd_address" "$2" | grep -c "${3:-= }")" -eq "$1" ]
}

# answers OID: a GET of it succeeds with a value
answers() {
	local line

	line=$(v2c snmpget "$snmpd_address" "$1" 2>/dev/null) || return 1
	case $line in
	*"No Such"*) return 1 ;;
	esac
}

# ---- snmptrapd: $trap_address; each notification is a line in $work/traps, its
# varbinds in order and separated by '|'

# start_snmptrapd [LINE...]: lines are added to its configuration
start_snmptrapd() {
	trap_address=127.0.0.1:$(free_port)
	cat >"$work/snmptrapd.conf" <<-END
		authCommunity log public
		createUser svc SHA authpassword AES privpassword
		authUser log svc priv
		doNotRetainNotificationLogs yes
		format2 %V|%v\n
	END
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$work/snmptrapd.conf"
	"${as_user[@]}" touch "$work/traps"
	start snmptrapd snmptrapd -f -n -On -Lf "$work/traps" -C -c \
		"$work/snmptrapd.conf" "udp:$trap_address"
	wait_for 30 "snmptrapd" grep -q NET-SNMP "$work/traps"
}

# traps: how many of ours have arrived
traps() {
	grep -c "OID: \.$root\.0\." "$work/traps"
}

# nth_trap N: its varbinds, one a line, with the MIB's names; dates are DATE
nth_trap() {
	grep "OID: \.$root\.0\." "$work/traps" | sed -n "$1p" | tr '|' '\n' |
		grep ' = ' | readable |
		sed -e '/^sysUpTime/d' -e 's/= 20[0-9-]* [0-9:.]* [+-][0-9:]*$/= DATE/'
}

# readable: varbinds on standard input, with the names and labels of the MIB
readable() {
	[ -f "$work/SVCPORT-MIB.txt" ] ||
		"$builddir/svcport" mib >"$work/SVCPORT-MIB.txt" || fail "svcport mib"
	awk -v root=$root -f "$srcdir/tests/names.awk" "$work/SVCPORT-MIB.txt" -
}

have_traps() {
	[ "$(traps)" -ge "$1" ]
}

# ---- agent_fixture: the subagent without the daemon

# start_fixture [OPTION...]
start_fixture() {
	rm -f "$work/to" "$work/from"
	mkfifo "$work/to" "$work/from"
	"$bin/tests/agent_fixture" -x "$agentx_socket" "$@" <"$work/to" \
		>"$work/from" 2>>"$work/fixture.log" &
	pid_of[fixture]=$!
	exec 8>"$work/to" 9<"$work/from"
	read -r -t 20 -u 9 answer || fail "agent_fixture does not start"
}

# ask WORD...: one line to the fixture; its answer in $answer
ask() {
	echo "$*" >&8
	read -r -t 20 -u 9 answer || fail "agent_fixture does not answer to \"$*\""
}

# quit_fixture: the status is the fixture's
quit_fixture() {
	local pid=${pid_of[fixture]}

	ask quit
	unset "pid_of[fixture]"
	exec 8>&- 9<&-
	wait "$pid"
}

acked() {
	ask acked
	[ "$answer" -ge "$1" ]
}

# ---- svcportd: configuration in $work/svcport.cfg

# SVCPORT_WRAP is put before svcportd: "valgrind -q --error-exitcode=99", for example.
read -ra wrap <<<"${SVCPORT_WRAP:-}"
patience=60 # seconds that it may take to start under such a wrap

# site LINE...: a site file of these lines and what every private daemon needs
site() {
	cat >"$work/svcport.cfg.new" <<-END
		format = 1;
		state-dir = "$work/state";
		agentx-socket = "$agentx_socket";
	END
	printf '%s\n' "$@" >>"$work/svcport.cfg.new"
	grep -q '^catalogue-path' "$work/svcport.cfg.new" ||
		echo "catalogue-path = [\"$catalogues\"];" >>"$work/svcport.cfg.new"
	mv "$work/svcport.cfg.new" "$work/svcport.cfg"
}

# acme LINE...: a site with a product of which no other program knows, this host its
# server, and these lines; its ports, all free, are $web, $flow, $db, $admin and $help
acme() {
	local name parameters=

	for name in web flow db admin help; do
		[ -n "${!name:-}" ] || declare -g "$name=$(free_port)"
		parameters+="$name = ${!name}; "
	done
	# Never half a file: svcportd may be loading it.
	cp "$srcdir/tests/integration/acme.cfg" "$work/acme.cfg.new"
	mv "$work/acme.cfg.new" "$work/acme.cfg"
	site "catalogue-path = [\"$work\"];" 'catalogues = ["acme"];' \
		"parameters = { $parameters};" "hold = 0;" "boot-grace = 0;" \
		'hosts = ( { name = "here"; local = true; roles = ["acme:server"]; } );' "$@"
}

# catalogue_of N FIRST-PORT FROM TO: $work/many.cfg, N required services "many/s0" and on,
# each on a TCP port of its own, between these two roles
catalogue_of() {
	local i

	{
		echo 'format = 1; catalogue = { number = 11; name = "many";'
		echo " document = { title = \"Many ports\"; lines = $1; };"
		echo " roles = ( { name = \"$3\"; }"
		[ "$3" = "$4" ] || echo ", { name = \"$4\"; own = true; }"
		echo '); services = ('
		for ((i = 0; i < $1; i++)); do
			[ $i -eq 0 ] || echo ,
			printf '{ number = %d; line = %d; name = "s%d"; section = "All"; ' \
				$((i + 1)) $((i + 1)) "$i"
			printf 'descr = "Service %d"; protocol = "tcp"; ports = "%d"; ' \
				"$i" $(($2 + i))
			printf 'from = ["%s"]; to = ["%s"]; expect = "required"; }\n' \
				"$3" "$4"
		done
		echo '); };'
	} >"$work/many.cfg"
}

# start_svcportd [OPTION...]
start_svcportd() {
	launch_svcportd "$@"
	wait_for $patience "first answer of svcportd" answers $root.1.1.1.0
}

# launch_svcportd [OPTION...]: without waiting for it
launch_svcportd() {
	"${as_user[@]}" mkdir -p "$work/state"
	# LeakSanitizer wants ptrace(2), which the sandbox denies; valgrind finds leaks.
	ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0} \
		start svcportd "${wrap[@]}" "$bin/svcportd" -f -c "$work/svcport.cfg" "$@"
}

# row NAME: the index of the row so named, "5.1.1"
row() {
	v2c snmpbulkwalk "$snmpd_address" $root.1.7.1.1 |
		sed -n "s|^\.$root\.1\.7\.1\.1\.\([0-9.]*\) = STRING: \"$1\"\$|\1|p"
}

# is COLUMN INDEX VALUE: svcPortCheckTable has this number there
is() {
	get "$root.1.7.1.$1.$2" | grep -q "INTEGER: $3\$"
}

# ---- portholder: ports that the test opens and closes

# start_holder [OPTION...] PROTOCOL/PORT...
start_holder() {
	mkfifo "$work/holder" "$work/held"
	"${as_user[@]}" "$bin/tests/portholder" "$@" 0<>"$work/holder" \
		>"$work/held" 2>>"$work/holder.log" &
	pid_of[holder]=$!
	exec 6<"$work/held"
	read -r -t 20 -u 6 answer || fail "portholder does not start"
}

# hold open|close PROTOCOL/PORT: done when it returns
hold() {
	echo "$*" >"$work/holder"
	read -r -t 20 -u 6 answer || fail "portholder does not answer"
	[ "$answer" = "$*" ] || fail "portholder: $answer"
}
