#!/bin/sh
# Every fuzzer for two seconds: that they build, and what they find at once.  Longer by
# hand, see tests/fuzz/run.sh.
set -u
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
command -v clang >/dev/null || { echo "needs clang"; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-fuzz.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

cd "$work" || exit 1
if ! "$srcdir/configure" CC=clang CFLAGS='-O1 -g' --enable-werror \
    --enable-sanitizers=fuzzer-no-link,address,undefined >log 2>&1 ||
    ! make -j"$(nproc)" fuzz >>log 2>&1; then
	tail -n 30 log
	exit 1
fi
cp "$builddir/svcport" .
export srcdir
builddir=. "$srcdir/tests/fuzz/run.sh" 2
