# shellcheck shell=bash
# Sourced before a page's script in the fresh system, see walk.awk.

set -eE

# walk_at PAGE:LINE: what follows stands there
walk_at() {
	walk_line=$1
	# Nobody types faster, and svcportd finds an snmpd that was restarted in that time.
	sleep 1
}

# shellcheck disable=SC2154 # walk_line: from the page's script
walk_failed() {
	echo "FAIL: $walk_line: status $1 of: $2"
	[ -z "${walk_said:-}" ] || echo "$walk_said"
	tail -n 5 /var/log/{svcportd,snmpd}.log 2>/dev/null | sed 's/^/    /'
	exit 1
}
trap 'walk_failed $? "$BASH_COMMAND"' ERR

# walk_status STATUS <BLOCK: it ends with that
walk_status() {
	local got=0

	bash -e || got=$?
	[ "$got" -eq "$1" ] || {
		walk_said="want status $1, got $got"
		return 1
	}
}

# never COMMAND...: must fail (bash does not look at the status of "! COMMAND")
never() {
	if walk_said=$("$@" 2>&1); then
		return 1
	fi
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
	local deadline=$((SECONDS + $1)) what=$2

	shift 2
	until walk_said=$("$@" 2>&1); do
		[ $SECONDS -lt $deadline ] || {
			walk_said="no $what in time: $walk_said"
			return 1
		}
		sleep 0.3
	done
}

# sheet_holds FILE [OID...]: every object that the sheet names by number is there when the
# agent is asked; of these columns no row may have a value
sheet_holds() {
	local oid n=0 root=1.3.6.1.4.1.8072.9999.9999.2741

	wait_for 60 "an alarm" sh -c "snmpgetnext -v2c -c noc -On 127.0.0.1 $root.1.9.3 | grep '$root.1.9.3'"
	for oid in $(grep -o "\`\.\{0,1\}$root\.[0-9.]*\`" "$1" | tr -d '`' | sort -u); do
		n=$((n + 1))
		case $oid in
		*"$root".0.* | *"$root".1.11.*) continue ;; # notifications, and what they carry
		*.0) walk_said=$(snmpget -v2c -c noc -On 127.0.0.1 "$oid") ;;
		*) walk_said=$(snmpgetnext -v2c -c noc -On 127.0.0.1 "$oid") ;;
		esac
		case $walk_said in
		*"No Such"* | *"No more"*) return 1 ;;
		".${oid#.}"*) ;;
		*)
			walk_said="$oid: $walk_said"
			[[ " ${*:2} " == *" ${oid#"$root".} "* ]]
			;;
		esac
	done
	[ $n -ge 20 ] || {
		walk_said="$1 names $n numbers only"
		return 1
	}
}
