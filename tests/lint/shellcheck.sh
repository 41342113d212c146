#!/bin/sh
# Every script of the tree.
cd "${srcdir:-.}" || exit 1
if ! command -v shellcheck >/dev/null; then
	echo "needs shellcheck"
	exit 77
fi
# Excluded: functions whose arguments are optional may be called with none.
exec shellcheck --external-sources --source-path=. --exclude=SC2119,SC2120 \
    autogen.sh quickstart .ci/run docs/picture \
    tests/bench/agent tests/bench/daemon tests/bench/latency tests/bench/peers \
    tests/*.sh tests/*/*.sh tests/*/*.it
