#!/bin/sh
# The plan of every example site against tests/golden/plan-NAME.tsv, which was read line
# by line against the vendors' documents.  After a change that is meant:
#
#	make check TESTS=tests/golden.sh ACCEPT=1
#
# rewrites them; read the difference against the documents before committing it.
set -u

source=${srcdir:-.}
svcport=${builddir:-.}/svcport
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0
seen=0

for site in "$source"/conf/examples/*.cfg; do
	name=$(basename "$site" .cfg)
	golden=$source/tests/golden/plan-$name.tsv
	seen=$((seen + 1))
	if ! "$svcport" plan --format tsv --site "$site" -C "$source/conf/catalogues" \
		>"$work/plan" 2>"$work/messages" || [ -s "$work/messages" ]; then
		echo "$site makes no plan, or not without a message:"
		cat "$work/messages"
		status=1
		continue
	fi
	if [ -n "${ACCEPT:-}" ]; then
		cp "$work/plan" "$golden"
	elif ! diff -u "$golden" "$work/plan"; then
		echo "The plan of $site has changed.  If that is meant, read it against"
		echo "the document, then: make check TESTS=tests/golden.sh ACCEPT=1"
		status=1
	fi
done
[ "$seen" -ge 6 ] || { echo "only $seen example sites"; status=1; }
exit $status
