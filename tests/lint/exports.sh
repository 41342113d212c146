#!/bin/sh
# foo.c and foo_*.c export names that begin with foo_, and nothing else.
cd "${builddir:-.}" || exit 1
bad=$(nm -A --defined-only --extern-only libcore.a libagent.a | awk '
{
	# libcore.a:src_addr.o:0000 T addr_parse
	split($1, part, ":")
	object = part[2]
	sub(/\.o$/, "", object)
	sub(/.*[-\/]/, "", object)
	name = $NF
	if (name ~ /^(__|_GLOBAL_|asan\.)/)
		next
	n++
	stem = object
	sub(/_.*/, "", stem)
	if (index(name, stem) != 1)
		print object ".c exports " name
}
END { if (n == 0) print "found no symbols" }')
if [ -n "$bad" ]; then
	printf '%s\n' "$bad"
	exit 1
fi
