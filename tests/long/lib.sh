# shellcheck shell=bash
# What the fault tests share: a product with as many services as wanted, and a reader of
# the notifications that arrived.  With QUICK=1 each test is a short one.

# shellcheck source=tests/integration/lib.sh
. "${srcdir:-.}/tests/integration/lib.sh"

# rounds LONG SHORT: prints the one that is wanted
rounds() {
	if [ -n "${QUICK:-}" ]; then echo "$2"; else echo "$1"; fi
}

# product PORT...: the catalogue "many", service s1 on the first port, s2 on the second
# and so on, each required; several may share a port.  With every=2 without each second.
product() {
	printf '%s\n' "$@" | awk -v every="${every:-1}" '
		BEGIN {
			print "format = 1; catalogue = { number = 11; name = \"many\";"
			print "vendor = \"Many\"; product = \"Many\"; version = \"\";"
			print "document = { title = \"Ports of Many\"; revision = \"1\";"
			print "lines = 60000; }; roles = ("
			print "{ name = \"server\"; own = true; descr = \"The server\"; },"
			print "{ name = \"client\"; own = true; descr = \"Its user\"; } );"
			print "services = ("
		}
		NR % every == 1 % every {
			if (NR > 1)
				print ","
			printf "{ number = %d; line = %d; section = \"Ports\"; ", NR, NR
			printf "name = \"s%d\"; descr = \"Service %d\"; ", NR, NR
			printf "protocol = \"tcp\"; ports = \"%d\"; ", $1
			printf "from = [\"client\"]; to = [\"server\"]; "
			printf "expect = \"required\"; }"
		}
		END {
			print "); };"
		}' >"$work/many.cfg.new"
	mv "$work/many.cfg.new" "$work/many.cfg"
}

# many LINE...: a site whose local host is a server of that product
many() {
	site "catalogue-path = [\"$work\"];" 'catalogues = ["many"];' "boot-grace = 0;" \
		'hosts = ( { name = "here"; local = true; roles = ["many:server"]; } );' "$@"
}

# free_ports N: so many
free_ports() {
	local n

	for ((n = 0; n < $1; n++)); do
		free_port
	done
}

# arrived: a line for each of our notifications in the order in which they came:
# sequence number, 1 for a required port closed and 2 for it restored, service
arrived() {
	awk -v root="${root//./\\.}" '
		match($0, "OID: \\." root "\\.0\\.[0-9]+") {
			kind = substr($0, RSTART, RLENGTH)
			sub(/.*\./, "", kind)
			match($0, root "\\.1\\.11\\.1\\.0 = Gauge32: [0-9]+")
			seq = substr($0, RSTART, RLENGTH)
			sub(/.* /, "", seq)
			service = "-"
			if (match($0, /many\/s[0-9]+@/))
				service = substr($0, RSTART + 5, RLENGTH - 6)
			print seq, kind, service
		}' "$work/traps"
}

# column TABLE COLUMN: "INDEX VALUE" lines, texts without their quotes
column() {
	v2c snmpbulkwalk -Cr50 "$snmpd_address" "$root.1.$1.1.$2" |
		sed -E -n "s/^\.$root\.1\.$1\.1\.$2\.([0-9.]+) = [A-Za-z0-9]+: \"?([^\"]*)\"?\$/\1 \2/p"
}

# memory NAME: kB of resident memory
memory() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/${pid_of[$1]}/status"
}

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

# most VALUE LIMIT WHAT: fails when it is more, or in a short test, which shares the machine
# with others, when it is ten times more
most() {
	local limit=$2

	[ -z "${QUICK:-}${SVCPORT_WRAP:-}" ] || limit=$((10 * limit))
	[ "$1" -lt "$limit" ] || fail "$3: $1, at most $limit"
}

# healthy: svcportd ends well, and no sanitizer has complained
healthy() {
	local status

	stop svcportd
	status=$?
	! grep -E "ERROR: |WARNING: ThreadSanitizer|runtime error|definitely lost: [1-9]" \
		"$work/svcportd.log" || fail "see above"
	[ $status -eq 0 ] || fail "svcportd ends with status $status"
}

figure() {
	echo "figure $*"
}

# asker FILE: GETs of sysName, one after the other until it is killed, each a line of
# microseconds.  The request is a constant and goes out from here: the start of an
# snmpget would be measured as well.
asker() {
	local before
	local get='\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00'

	get+='\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x05\x00\x05\x00'
	exec 7<>"/dev/udp/${snmpd_address%:*}/${snmpd_address#*:}"
	while :; do
		before=${EPOCHREALTIME/./}
		# shellcheck disable=SC2059
		printf "$get" >&7
		timeout 5 dd bs=2048 count=1 status=none <&7 >/dev/null
		echo $((${EPOCHREALTIME/./} - before))
	done >"$1"
}

# percentile P FILE: of the numbers in it
percentile() {
	sort -n "$2" | awk -v p="$1" '
		{ v[NR] = $1 }
		END { i = int((NR * p + 99) / 100); print v[i < 1 ? 1 : i] }'
}
