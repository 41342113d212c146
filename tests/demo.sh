# shellcheck shell=bash
# The demonstration of ./quickstart: private daemons on loopback, a walk, a port that
# closes, the trap, the port that opens, the clear.  Sourced.

# shellcheck source=tests/integration/lib.sh
. "$srcdir/tests/integration/lib.sh"

: "${bold=}" "${plain=}" "${red=}" "${green=}"
host=$(uname -n)
host=${host%%.*}
# What the small program opens: most of what the two documents require of this host.
ports=(udp/2055 udp/3000 udp/9996 udp/6343 tcp/20567 tcp/20568 tcp/11000 tcp/11322
	tcp/11401)

title() {
	printf '\n%s%s%s\n\n' "$bold" "$*" "$plain"
}

# open_ports: those that nobody else has; $ours are these
open_ports() {
	local port

	ours=()
	start_holder
	for port in "${ports[@]}"; do
		echo "open $port" >"$work/holder"
		read -r -t 20 -u 6 answer || fail "portholder does not answer"
		[ "$answer" != "open $port" ] || ours+=("$port")
	done
	[ ${#ours[@]} -gt 0 ] || fail "every port is in use already: ${ports[*]}"
}

start_everything() {
	open_ports
	start_snmptrapd
	start_snmpd "trap2sink $trap_address public"
	site 'catalogues = ["flowmon", "sesam"];' \
		'hold = 0;' 'boot-grace = 0;' \
		'hosts = ( {' \
		"  name = \"$host\"; local = true;" \
		'  roles = ["flowmon:collector", "flowmon:apm-collector", "sesam:server"];' \
		'} );'
	start_svcportd
	wait_for 30 "verdicts" settled
}

# settled: the first look is over
settled() {
	[ "$(row_of "${ours[0]}")" != "" ] && is 10 "$(row_of "${ours[0]}")" 1
}

# row_of PROTOCOL/PORT: the first row of this port
row_of() {
	walk_checks | awk -v want="$1" '$2 == want { print $1; exit }'
}

# walk_checks: INDEX PORT NAME EXPECTED HERE VERDICT, a row a line
walk_checks() {
	v2c snmpbulkwalk -Cr25 "$snmpd_address" $root.1.7 |
		readable |
		awk '
		{
			at = index($1, ".")
			index_ = substr($1, at + 1)
			object = substr($1, 13, at - 13)
			value = $0
			sub(/^[^=]*= /, "", value)
			gsub(/"|\([0-9]+\)$/, "", value)
			if (!((index_, "Name") in cell) && object == "Name")
				order[n++] = index_
			cell[index_, object] = value
		}
		END {
			for (i = 0; i < n; i++) {
				x = order[i]
				printf "%s %s/%s %s %s %s %s\n", x, cell[x, "Protocol"],
				    cell[x, "PortText"], cell[x, "Name"],
				    cell[x, "ExpectedState"], cell[x, "ListenState"],
				    cell[x, "Verdict"]
			}
		}'
}

show_walk() {
	title "\$ snmpbulkwalk -v2c -c public $snmpd_address $root.1.7"
	{
		echo "ROW PORT SERVICE EXPECTED HERE VERDICT"
		walk_checks | sed "s/@$host / /"
	} | awk -v red="$red" -v green="$green" -v bold="$bold" -v plain="$plain" '
		{ colour = "" }
		NR == 1 { colour = bold }
		$6 == "compliant" { colour = green }
		$6 ~ /^(closed|open)/ { colour = red }
		{
			printf "  %-7s %-16s %-30s %-13s %-13s %s%s%s\n", $1, $2, $3, $4,
			    $5, colour, $6, colour == "" ? "" : plain
		}'
}

# show_trap SINCE COLOUR [VARBINDS]: waits for the next one and prints it, or those of its
# varbinds; $took are the milliseconds since then
show_trap() {
	local line now

	while read -r -t 20 -u 7 line; do
		case $line in
		*"OID: .$root.0."*) break ;;
		esac
	done
	now=${EPOCHREALTIME/./}
	[ -n "${line:-}" ] || fail "no trap"
	took=$(((now - $1) / 1000)).$(((now - $1) / 100 % 10))
	tr '|' '\n' <<<"$line" | grep ' = ' |
		readable |
		grep -E "${3:-.}" | fold -s -w 92 |
		sed -e '/^[A-Za-z]* *[A-Za-z.0-9]* = /!s/^/    /' -e 's/^/  /' \
			-e "/snmpTrapOID\|NotifyMessage/s/= \(.*\)/= $2\1$plain/"
}

show_change() {
	local port=${ours[0]} since seen

	seen=$(wc -l <"$work/traps")
	exec 7< <(exec tail -n +$((seen + 1)) -f "$work/traps")
	pid_of[tail]=$!
	title "Now the program that holds $port closes it.  The trap, all of it:"
	since=${EPOCHREALTIME/./}
	hold close "$port"
	show_trap "$since" "$red"
	printf '\n  It took %s ms from close(2) to here.\n' "$took"
	title "It opens $port again.  The trap that clears the alarm, in part:"
	since=${EPOCHREALTIME/./}
	hold open "$port"
	show_trap "$since" "$green" \
		'snmpTrapOID|AlarmIndex|CheckName|Verdict|Severity|Message'
	printf '\n  It took %s ms: the kernel tells when a socket ends; new ones are\n' \
		"$took"
	printf '  looked for once a second.\n'
	stop tail
}

stop_everything() {
	local name

	for name in svcportd snmpd snmptrapd holder; do
		stop $name
	done
	title "That was all.  Nothing was installed, nothing runs any more."
	cat <<-END
		  what it checks  build/svcport plan -C conf/catalogues --site conf/examples/FILE
		  make it yours   README.md, "Your first site file, in five minutes"
		  install         README.md, "Install"
	END
}

leave_running() {
	trap - EXIT INT TERM HUP
	disown -a
	cat <<-END

		${bold}It goes on running.${plain}
		  status  build/svcport status -v2c -c public $snmpd_address
		  watch   build/svcport watch -v2c -c public $snmpd_address
		  walk    snmpbulkwalk -v2c -c public $snmpd_address $root
		  close   echo close ${ours[0]} >$work/holder
		  traps   tail -f $work/traps
		  end     kill ${pid_of[*]}; rm -r $work
	END
}

# demo KEEP: with anything but "" the daemons go on running
demo() {
	start_everything
	show_walk
	show_change
	if [ -n "$1" ]; then
		leave_running
	else
		stop_everything
	fi
}
