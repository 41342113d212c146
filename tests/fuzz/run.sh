#!/bin/sh
# run.sh SECONDS [FUZZER...]: the fuzzers of builddir/tests/fuzz, each for so many seconds or
# ten million inputs, from the seeds and what $CORPUS has.  A finding is left in
# builddir/tests/fuzz.
srcdir=${srcdir:-.}
builddir=${builddir:-.}
seconds=${1:?}
shift
[ $# -gt 0 ] || set -- conf event fastpath import journal mib netlink probe template text transport
corpus=${CORPUS:-$(mktemp -d)} || exit 1
[ -n "${CORPUS:-}" ] || trap 'rm -rf "$corpus"' EXIT
"$srcdir/tests/fuzz/seeds.sh" "$corpus" || exit 1
for name; do
	more='' leaks=1
	# libconfig's own leaks are known, and looking for them takes all the time.
	[ "$name" != conf ] || leaks=0
	# A table's cells multiply: a short one is work enough.
	[ "$name" != import ] || more=-max_len=1024
	if ! ASAN_OPTIONS="detect_leaks=$leaks${ASAN_OPTIONS:+:$ASAN_OPTIONS}" \
	    "$builddir/tests/fuzz/fuzz_$name" -detect_leaks=$leaks -max_total_time="$seconds" \
	    -runs=10000000 -max_len=4096 -timeout=20 $more -artifact_prefix="$builddir/tests/fuzz/$name-" \
	    "$corpus/fuzz_$name" >"$corpus/$name.log" 2>&1; then
		grep -a -e ERROR -e SUMMARY -e artifact_prefix -e '^    #' "$corpus/$name.log" | head -n 30
		echo "FAIL: fuzz_$name"
		status=1
	fi
	echo "fuzz_$name: $(grep -a '^Done' "$corpus/$name.log")"
done
exit "${status:-0}"
