#!/bin/sh
# Every script of the tree.
cd "${srcdir:-.}" || exit 1
if ! command -v shellcheck >/dev/null; then
	echo "needs shellcheck"
	exit 77
fi
exec shellcheck --external-sources --source-path=. autogen.sh quickstart .ci/run \
    tests/bench/latency tests/bench/peers tests/*.sh tests/*/*.sh tests/*/*.it
