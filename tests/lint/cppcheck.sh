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
# Whether an output argument is initialised the compilers and valgrind judge better.
exec cppcheck --quiet --error-exitcode=1 --std=c11 --library=posix --library=gnu \
    --include="$queue" --enable=warning,performance --inline-suppr \
    --suppress=uninitvar --suppress=ctuuninitvar \
    -I src -I agent src agent
