# shellcheck shell=bash
# Real servers of Debian's on a host at the other end of a cable: a network namespace of
# our own.  Programs that are not installed are unpacked from their packages, not installed.
#
#   . "${srcdir:?}/tests/system/serverlib.sh"
#   unpack chrony unbound
#   cable 198.18.77
#   serve chrony chronyd -x -d -f "$work/chrony.conf"
#   wait_for 30 "chronyd" listens udp 123

# shellcheck source=tests/integration/lib.sh
. "${srcdir:?}/tests/integration/lib.sh"
[ "$(id -u)" -eq 0 ] || skip "wants root for a network namespace"
need ip ss
# shellcheck disable=SC2034 # they are what this is about
as_user=()
ns=svcport-test-$$

# unpack PACKAGE...: each on its own, since some cannot be installed beside others
unpack() {
	local package deb lib

	for package in "$@"; do
		mkdir -p "$work/debs/$package/partial"
		apt-get -qq -y --no-install-recommends --download-only \
			-o Dir::Cache::archives="$work/debs/$package" \
			-o Debug::NoLocking=1 install "$package" >"$work/apt.log" 2>&1 ||
			skip "apt-get cannot fetch $package: $(tail -n 1 "$work/apt.log")"
		for deb in "$work/debs/$package"/*.deb; do
			[ ! -f "$deb" ] || dpkg -x "$deb" "$work/root"
		done
	done
	PATH=$work/root/usr/sbin:$work/root/usr/bin:$PATH
	lib=$(gcc -print-multiarch)
	LD_LIBRARY_PATH=$work/root/lib/$lib:$work/root/usr/lib/$lib
	LD_LIBRARY_PATH+=:$work/root/usr/lib/freeradius
	export LD_LIBRARY_PATH
}

# want PROGRAM=PACKAGE...: unpacks the packages of those that are not there
want() {
	local pair missing=()

	for pair in "$@"; do
		command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
	done
	[ ${#missing[@]} -eq 0 ] || unpack "${missing[@]}"
	for pair in "$@"; do
		command -v "${pair%%=*}" >/dev/null || fail "no ${pair%%=*} in ${pair#*=}"
	done
}

rooms=()

tear_down() {
	local status=$? room

	for room in "${rooms[@]}"; do
		ip netns pids "$room" 2>/dev/null | xargs -r kill 2>/dev/null
		ip netns del "$room" 2>/dev/null
		rm -rf "/etc/netns/$room"
	done
	[ -z "${made_run_sshd:-}" ] || rmdir /run/sshd
	(exit $status)
	clean_up
}

# cable NETWORK: this end is NETWORK.1 ($here), the other one NETWORK.2 ($there)
cable() {
	here=$1.1
	there=$1.2
	room "$ns"
	ip link add "svcp$$" type veth peer name eth0 netns "$ns"
	ip addr add "$here/24" dev "svcp$$"
	ip link set "svcp$$" up
	ip -n "$ns" addr add "$there/24" dev eth0
	ip -n "$ns" link set eth0 up
}

# room NAME: another network namespace, gone at the end
room() {
	trap tear_down EXIT
	ip netns add "$1" || skip "no network namespaces here"
	rooms+=("$1")
	ip -n "$1" link set lo up
	mkdir -p "/etc/netns/$1"
	chmod 755 "$work" # servers drop root's right to read everything
}

# wire ROOM LINK ADDRESS ROOM LINK ADDRESS: a cable between two rooms
wire() {
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4"
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$4" addr add "$6" dev "$5"
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
}

# in_room ROOM COMMAND...
in_room() {
	ip netns exec "$@"
}

# start_in ROOM NAME COMMAND...: as start
start_in() {
	start "$2" ip netns exec "$1" "${@:3}"
}

# over_there COMMAND...: runs it at the other end
over_there() {
	ip netns exec "$ns" "$@"
}

# serve NAME COMMAND...: starts it at the other end
serve() {
	start_in "$ns" "$@"
}

# listens_in ROOM tcp|udp PORT: something does
listens_in() {
	in_room "$1" ss -Hln "--$2" "sport = $3" | grep -q .
}

# listens tcp|udp PORT: at the other end
listens() {
	listens_in "$ns" "$@"
}

# service NUMBER NAME PROTOCOL PORT APPLICATION [KEYS]: a line of a catalogue
service() {
	printf '{ number = %d; line = %d; section = "Ports"; name = "%s"; descr = "%s";' \
		"$1" "$1" "$2" "$2"
	printf ' protocol = "%s"; ports = "%d"; from = ["client"]; to = ["server"];' \
		"$3" "$4"
	printf ' expect = "required"; application = "%s"; %s }\n' "$5" "${6:-}"
}

# catalogue LINES <SERVICES: the services, one a line, as $work/cat/real.cfg
catalogue() {
	mkdir -p "$work/cat"
	{
		printf 'format = 1; catalogue = { number = 20001; name = "real";'
		printf ' vendor = "Debian"; product = "servers"; version = "";'
		printf ' document = { title = "Real servers"; revision = ""; lines = %d; };' \
			"$1"
		printf ' roles = ( { name = "client"; own = true; descr = ""; },'
		printf ' { name = "server"; own = true; descr = ""; } ); services = (\n'
		paste -sd, -
		printf '); };\n'
	} >"$work/cat/real.cfg"
}

# look_there LINE...: a site that looks at the other end from here, with these lines
look_there() {
	cat >"$work/site.cfg" <<-END
		format = 1; catalogue-path = ["$work/cat"];
		hosts = ( { name = "here"; local = true; roles = ["real:client"]; },
		 { name = "there"; id = 10; address = "$there"; roles = ["real:server"]; } );
	END
	printf '%s\n' "$@" >>"$work/site.cfg"
}

check() {
	"$builddir/svcport" check --site "$work/site.cfg" --format tsv "$@"
}
