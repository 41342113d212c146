# shellcheck shell=bash
# Programs that watch svcportd at work: it is built for one of them in a directory that
# goes away, and integration tests that exercise all of its threads are run with that.
# svcportd that ends with another status than 0 fails its test, whatever else it does.

srcdir=$(cd "${srcdir:-.}" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/svcport-san.XXXXXX")
chmod 755 "$dir" # nobody reads the programs there
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP

# build CC OPTION [UNIT-TEST...]: the programs, and unit tests to run as well
build() {
	local cc=$1 option=$2

	shift 2
	command -v "$cc" >/dev/null || {
		echo "needs $cc"
		exit 77
	}
	(
		cd "$dir" || exit
		"$srcdir/configure" -q "$option" CC="$cc" CFLAGS="-g -O1" &&
			make -s -j2 svcport svcportd tests/portholder tests/agent_fixture \
				tests/agentx_rough "$@"
	) >"$dir/build.out" 2>&1 || {
		tail -n 20 "$dir/build.out"
		echo "FAIL: it does not build with $cc $option"
		exit 1
	}
	units=("$@")
}

# run_all NAME...: these integration tests at once, then the unit tests
run_all() {
	local name failed=0
	local -A pids=()

	builddir=${programs:-$dir}
	export srcdir builddir
	for name in "$@"; do
		bash "$srcdir/tests/integration/$name.it" >"$dir/$name.out" 2>&1 &
		pids[$name]=$!
	done
	for name in "$@"; do
		verdict "$name" "${pids[$name]}"
	done
	for name in "${units[@]}"; do
		(cd "$dir" && "./$name") >"$dir/$(basename "$name").out" 2>&1 &
		verdict "$(basename "$name")" $!
	done
	exit $failed
}

# verdict NAME PID: of a test under way; sets $failed
verdict() {
	local status

	wait "$2"
	status=$?
	echo "- $1: $status"
	[ $status -ne 0 ] || return 0
	tail -n 60 "$dir/$1.out"
	failed=1
}
