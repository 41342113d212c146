# shellcheck shell=bash
# What the benches share, besides what the integration tests do.
#
# A figure is a line "figure NAME VALUE UNIT <=|>= LIMIT ok|short", without the last three
# where it is only told; what helps to read the figures begins with '#'.  Ratios are of
# neighbours in time, in one run, since the machine may be busy with something else:
# medians of them are what counts.

# A script that sets bench_namespace before it reads this file is started again in a
# network namespace of its own: every port is free, and nobody else's sockets disturb.
if [ -n "${bench_namespace:-}" ] && [ -z "${BENCH_NAMESPACE:-}" ]; then
	own=(--net)
	[ "$(id -u)" -eq 0 ] || own+=(--user --map-current-user --keep-caps)
	BENCH_NAMESPACE=1 exec unshare "${own[@]}" "$BASH" "$0" "$@"
fi
[ -z "${BENCH_NAMESPACE:-}" ] || ip link set lo up || exit 1

# shellcheck source=tests/integration/lib.sh
. "${srcdir:-.}/tests/integration/lib.sh"

bench_short=0 # 1 as soon as a figure is short

# To end a bench with.
bench_end() {
	exit $bench_short
}

# figure NAME VALUE UNIT [<=|>= LIMIT]
figure() {
	local word=ok

	if [ $# -lt 5 ]; then
		echo "figure $1 $2 $3"
		return
	fi
	awk -v v="$2" -v o="$4" -v l="$5" \
		'BEGIN { exit !(v != "" && (o == "<=" ? v + 0 <= l : v + 0 >= l)) }' ||
		word=short bench_short=1
	echo "figure $1 ${2:-none} $3 $4 $5 $word"
}

# median FILE: of the numbers in it, one a line
median() {
	sort -g "$1" | awk '
		{ v[NR] = $1 }
		END { if (NR) printf "%.3g\n", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# ratios FILE FILE: the median of the line by line quotients
ratios() {
	paste "$1" "$2" | awk '{ print $1 / $2 }' >"$work/ratios"
	median "$work/ratios"
}

quotient() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3g\n", a / b }'
}
