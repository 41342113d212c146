#!/bin/sh
# Functions of 80 lines at most; of files, those outside 60 to 400 lines are named.
cd "${srcdir:-.}" || exit 1
if ! ctags --version 2>/dev/null | grep -q Universal; then
	echo "needs universal-ctags"
	exit 77
fi
ctags -f - --languages=C --langmap=C:.c.h --kinds-C=f --fields=ne \
    src/*/*.[ch] agent/*.[ch] tests/*.[ch] tests/*/*.c |
awk -F'\t' '
{
	line = end = 0
	for (i = 4; i <= NF; i++) {
		if ($i ~ /^line:/) line = substr($i, 6)
		if ($i ~ /^end:/) end = substr($i, 5)
	}
	if (end == 0) next
	size = end - line + 1
	if ($2 ~ /^(src|agent)\//) { count[size]++; n++ }
	if (size > 80) {
		printf "%s:%d: %s has %d lines, more than 80\n", $2, line, $1, size
		bad = 1
	}
}
END {
	if (n == 0) { print "found no functions"; exit 1 }
	for (size = 1; size <= 80; size++) {
		seen += count[size]
		if (!median && seen * 2 >= n) median = size
		if (!p90 && seen * 10 >= n * 9) p90 = size
	}
	printf "%d functions: median %d lines, 90th percentile %d\n", n, median, p90
	if (median > 20) { print "the median is above 20"; bad = 1 }
	exit bad
}' || exit 1
wc -l src/*/*.c agent/*.c | awk '
$2 == "total" { next }
$1 > 400 { printf "note: %s has %d lines, more than 400\n", $2, $1 }
$1 < 60 { small++ }
END { printf "note: %d files are shorter than 60 lines\n", small }'
