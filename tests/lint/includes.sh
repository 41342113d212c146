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
}' src/*/*.[ch] agent/*.[ch] >"$edges"
[ -s "$edges" ] || { echo "found no includes at all"; exit 1; }
if ! loop=$(tsort "$edges" 2>&1 >/dev/null); then
	echo "modules include each other in a circle:"
	printf '%s\n' "$loop"
	status=1
fi

# The folders of src/ use only those above them in src/sources.mk.
layers=$(sed -n 's/^\([a-z]*\)_sources = .*/\1/p' src/sources.mk)
found=$(awk -v layers="$layers" '
BEGIN {
	n = split(layers, name, "[ \n]+")
	for (i = 1; i <= n; i++)
		level[name[i]] = i
	if (n == 0)
		print "src/sources.mk names no folder"
}
FNR == 1 {
	split(FILENAME, path, "/")
	folder = path[2]
	if (!(folder in level))
		print FILENAME ": src/sources.mk has no such folder"
}
match($0, /^[ \t]*#[ \t]*include[ \t]*"[^"]+\.h"/) {
	split($0, part, "\"")
	if (split(part[2], to, "/") != 2 || !(to[1] in level))
		print FILENAME ": \"" part[2] "\" wants its folder before its name"
	else if (level[to[1]] > level[folder])
		print FILENAME ": " folder "/ must not use " to[1] "/"
}' src/*/*.[ch])
if [ -n "$found" ]; then
	printf '%s\n' "$found"
	status=1
fi

# only MESSAGE REGEX FILES...: no file but these may include what matches.
only() {
	message=$1
	regex=$2
	shift 2
	found=$(grep -lE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$regex" \
	    src/*/*.[ch] agent/*.[ch])
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
only "libconfig belongs to tree.c" 'libconfig\.h' src/config/tree.c
only "libmnl belongs to the netlink modules" 'libmnl/' src/listen/addrwatch.c src/listen/sockdiag.c \
	src/listen/sockevents.c
only "c-ares belongs to the resolver" 'ares' src/probe/dnsloop.h src/probe/resolve.c
if grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]net-snmp/' src/*/*.[ch]; then
	echo "src/ knows no SNMP library"
	status=1
fi
for header in agent/*.h; do
	if grep -n "include \"\(agent/\)\?${header#agent/}\"" src/*/*.[ch]; then
		echo "src/ includes agent/'s ${header#agent/}"
		status=1
	fi
done
exit $status
