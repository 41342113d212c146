#!/bin/sh
# The layers: no cycle among modules; the core knows nothing of SNMP; libraries only where
# they are wrapped.
cd "${srcdir:-.}" || exit 1
edges=$(mktemp) || exit 1
trap 'rm -f "$edges"' EXIT
status=0

# One line a pair: the module (a base name), and one whose header it includes.
awk '
function base(path) { sub(/.*\//, "", path); sub(/\.[ch]$/, "", path); return path }
BEGIN { n = 0 }
FNR == 1 { own[base(FILENAME)] = 1 }
match($0, /^[ \t]*#[ \t]*include[ \t]*"[^"]+\.h"/) {
	split($0, part, "\"")
	from[n] = base(FILENAME)
	to[n++] = base(part[2])
}
END {
	for (i = 0; i < n; i++)
		if (from[i] != to[i] && to[i] in own)
			print from[i], to[i]
}' src/*.[ch] agent/*.[ch] >"$edges"
[ -s "$edges" ] || { echo "found no includes at all"; exit 1; }
if ! loop=$(tsort "$edges" 2>&1 >/dev/null); then
	echo "modules include each other in a circle:"
	printf '%s\n' "$loop"
	status=1
fi

# only MESSAGE REGEX FILES...: no file but these may include what matches.
only() {
	message=$1
	regex=$2
	shift 2
	found=$(grep -lE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$regex" \
	    src/*.[ch] agent/*.[ch])
	for file in $found; do
		case " $* " in
		*" $file "*) ;;
		*)
			echo "$file: $message"
			status=1
			;;
		esac
	done
}
only "libconfig belongs to tree.c" 'libconfig\.h' src/tree.c
only "libmnl belongs to the netlink modules" 'libmnl/' src/addrwatch.c src/sockdiag.c \
	src/sockevents.c
only "c-ares belongs to the resolver" 'ares' src/dnsloop.h src/resolve.c
if grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]net-snmp/' src/*.[ch]; then
	echo "src/ knows no SNMP library"
	status=1
fi
for header in agent/*.h; do
	if grep -n "include \"\(agent/\)\?${header#agent/}\"" src/*.[ch]; then
		echo "src/ includes agent/'s ${header#agent/}"
		status=1
	fi
done
exit $status
