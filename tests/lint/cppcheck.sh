#!/bin/sh
# What cppcheck sees.
cd "${srcdir:-.}" || exit 1
if ! command -v cppcheck >/dev/null; then
	echo "needs cppcheck"
	exit 77
fi
# Its checker of portability would have readdir_r(3), which glibc warns against.
queue=$(echo '#include <sys/queue.h>' | ${CC:-cc} -E - | sed -n 's/.*"\(.*queue\.h\)".*/\1/p' |
    head -n 1)
# What the Makefile defines: newer releases demand it.
defines=$(mktemp "${TMPDIR:-/tmp}/svcport-cppcheck.XXXXXX") || exit 1
trap 'rm -f "$defines"' EXIT
for name in VERSION SYSCONFDIR DATADIR STATEDIR AGENTX_SOCKET MIB_ROOT USER; do
	echo "#define SVCPORT_$name \"\""
done >"$defines"
# Whether an output argument is initialised the compilers and valgrind judge better.
cppcheck --quiet --error-exitcode=1 --std=c11 --library=posix --library=gnu \
    --include="$queue" --include="$defines" --enable=warning,performance --inline-suppr \
    --suppress=uninitvar --suppress=ctuuninitvar \
    --suppress=normalCheckLevelMaxBranches \
    -I src -I agent src agent
