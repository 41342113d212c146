#!/bin/sh
# The systemd units: systemd reads them without a complaint, and their exposure is 1.5 at most.
cd "${builddir:-.}" || exit 1
if ! command -v systemd-analyze >/dev/null; then
	echo "needs systemd-analyze"
	exit 77
fi
tmp=$(mktemp -d "${TMPDIR:-/tmp}/svcport-unit.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
status=0
for unit in svcportd.service svcportd@.service; do
	name=$(echo $unit | sed 's/@/@blue/')
	# The program and the manual may not be installed here: that is not the unit's fault.
	sed -e 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' -e '/^Documentation=/d' \
	    "packaging/systemd/$unit" >"$tmp/$name"
	grep -q '^CapabilityBoundingSet=$' "$tmp/$name" || {
		echo "$unit: the hardening is not in it"
		status=1
	}
	said=$(systemd-analyze verify "$tmp/$name" 2>&1 | grep -F "$unit")
	if [ -n "$said" ]; then
		echo "$said"
		status=1
	fi
	# The threshold is in tenths.
	if ! systemd-analyze security --no-pager --offline=true --threshold=15 \
	    "$tmp/$name" >"$tmp/said" 2>&1; then
		grep -v '^✓' "$tmp/said"
		status=1
	fi
	tail -n 1 "$tmp/said"
done
exit $status
