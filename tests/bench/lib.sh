# shellcheck shell=bash
# shellcheck disable=SC2086 # a list of packages
# What the benches share, besides what the integration tests do.
#
# A figure is a line "figure NAME VALUE UNIT <=|>= LIMIT ok|short", without the last three
# where it is only told; what helps to read the figures begins with '#'.  Ratios are of
# neighbours in time, in one run, since the machine may be busy with something else:
# medians of them are what counts.

# A script that sets bench_namespace before it reads this file is started again in a
# network namespace of its own: every port is free, and nobody else's sockets disturb.
# The packages in bench_packages are unpacked before that, not installed: those of their
# programs that the system lacks are in the path then.

bench_unpack() { # DIRECTORY
	local deb

	mkdir -p "$1/debs/partial"
	apt-get -qq -y --no-install-recommends --download-only \
		-o Dir::Cache::archives="$1/debs" -o Debug::NoLocking=1 \
		install $bench_packages >"$1/apt.log" 2>&1
	for deb in "$1"/debs/*.deb; do
		[ ! -f "$deb" ] || dpkg -x "$deb" "$1/root"
	done
	PATH=$PATH:/usr/sbin:/sbin:/usr/lib/nagios/plugins
	[ -d "$1/root" ] || return 0
	PATH=$PATH:$1/root/usr/sbin:$1/root/usr/bin:$1/root/usr/lib/nagios/plugins
	LD_LIBRARY_PATH=$(find "$1/root" -name '*.so*' -printf '%h\n' | sort -u |
		paste -sd:)
	export LD_LIBRARY_PATH
	[ ! -d "$1/root/usr/share/nmap" ] || export NMAPDIR="$1/root/usr/share/nmap"
}

if [ -n "${bench_namespace:-}" ] && [ -z "${BENCH_NAMESPACE:-}" ]; then
	unpacked=$(mktemp -d "${TMPDIR:-/tmp}/svcport-bench.XXXXXX") || exit 1
	trap 'rm -rf "$unpacked"' EXIT
	trap 'exit 1' INT TERM HUP
	own=(--net)
	if [ "$(id -u)" -ne 0 ]; then
		own+=(--user --map-current-user --keep-caps)
	elif [ -n "${bench_packages:-}" ] && command -v apt-get >/dev/null; then
		bench_unpack "$unpacked"
	fi
	BENCH_NAMESPACE=1 unshare "${own[@]}" "$BASH" "$0" "$@"
	exit
fi
[ -z "${BENCH_NAMESPACE:-}" ] || ip link set lo up || exit 1

# shellcheck source=tests/integration/lib.sh
. "${srcdir:-.}/tests/integration/lib.sh"

bench_short=0 # 1 as soon as a figure is short

# To end a bench with.
bench_end() {
	exit $bench_short
}

# start_as_root NAME COMMAND...: see start()
start_as_root() {
	local as_user=()

	start "$@"
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
