#!/bin/sh
# The manual pages without a complaint of mandoc's, whose index may not know them yet.
cd "${builddir:-.}" || exit 1
command -v mandoc >/dev/null || { echo "needs mandoc"; exit 77; }
if mandoc -Tlint man/*.[1-9] 2>&1 | grep -v -e 'referenced manual not found' \
	-e 'outdated mandoc\.db'; then
	exit 1
fi
