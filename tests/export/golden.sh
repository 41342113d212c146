#!/bin/sh
# Every importer file against the one kept here, and below another root: the same but for
# the numbers.  UPDATE=1 keeps what comes out now; read the difference before it is
# committed.
set -u
srcdir=${srcdir:-.}
builddir=${builddir:-.}
golden=$srcdir/tests/golden/export
root=1.3.6.1.4.1.8072.9999.9999.2741
other=1.3.6.1.4.1.4242.7

work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-export.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAIL: $*"
	exit 1
}

export_into() {
	dir=$1
	shift
	"$builddir/svcport" export --into "$dir" \
	    --site "$srcdir/tests/data/export/svcport.cfg" \
	    -C "$srcdir/tests/data/export/catalogues" "$@" all >"$work/names" ||
	    fail "svcport export: status $?"
}

export_into "$work/one" --root $root
if [ -n "${UPDATE:-}" ]; then
	rm -rf "$golden"
	cp -r "$work/one" "$golden"
fi
diff -r "$golden" "$work/one" >"$work/diff" || {
	head -n 40 "$work/diff"
	fail "other than in tests/golden/export: UPDATE=1 make check keeps it"
}
(cd "$work/one" && find . -type f | sort) >"$work/made"
sed "s|^$work/one|.|" "$work/names" | sort | cmp -s - "$work/made" ||
	fail "not the files that it says"

export_into "$work/two" --root $other
grep -rlF "$root" "$work/two" && fail "the root of elsewhere"
grep -qF "$other" "$work/two/snmp-exporter/snmp.yml" || fail "not the root asked for"
find "$work/two" -type f | while read -r file; do
	sed "s/$other/$root/g" "$file" >"$work/file" && mv "$work/file" "$file"
done
diff -r "$golden" "$work/two" || fail "another root changes more than the numbers"

# The site's own root, and one that is none.
printf 'format = 1; catalogues = [ ]; mib-root = "%s";\n' $other >"$work/site.cfg"
"$builddir/svcport" export --site "$work/site.cfg" snmptt 2>/dev/null |
	grep -qF "EVENT svcPortHostDown .$other.0.7 " || fail "not the site's root"
"$builddir/svcport" export --root 1.2.3 snmptt 2>"$work/err" && fail "root 1.2.3"
grep -q "not an OID for the MIB" "$work/err" || fail "message: $(cat "$work/err")"

# One file of a kind, what there is, and what there is not.
"$builddir/svcport" export --root $root snmptt snmptrapd.conf |
	cmp -s - "$golden/snmptt/snmptrapd.conf" || fail "one file of a kind"
"$builddir/svcport" export | grep -q "^  nftables " || fail "the list of kinds"
"$builddir/svcport" export nftabels >/dev/null 2>"$work/err"
[ $? -eq 2 ] || fail "status of an unknown kind"
grep -q 'did you mean "nftables"' "$work/err" || fail "message: $(cat "$work/err")"
"$builddir/svcport" export --root $root snmptt nothing 2>"$work/err"
[ $? -eq 2 ] || fail "status of an unknown file"

# A full disk is told.
if [ -c /dev/full ]; then
	"$builddir/svcport" export --root $root snmptt >/dev/full 2>"$work/err"
	[ $? -eq 1 ] || fail "status on a full disk"
	grep -q "No space" "$work/err" || fail "message: $(cat "$work/err")"
fi

# Without roles: nothing for nftables, everything between roles in the sheet.
printf 'format = 1; catalogues = ["acme-pbx"]; hosts = ( { name = "h"; id = 2; address = "192.0.2.2"; } );\n' \
    >"$work/site.cfg"
set -- --site "$work/site.cfg" -C "$srcdir/tests/data/export/catalogues"
"$builddir/svcport" export "$@" nftables >"$work/out" || fail "without roles"
grep -q "gives this host no role" "$work/out" || fail "nothing said without roles"
! grep -q " accept" "$work/out" || fail "rules without roles"
"$builddir/svcport" export "$@" firewall-csv |
	grep -q '"role acme-pbx:phone","","role acme-pbx:server","","tcp","5061"' ||
	fail "no flows between roles"

# A rule has no room for the interface of a link-local address.
cat >"$work/site.cfg" <<END
format = 1;
catalogues = ["acme-pbx"];
hosts = (
  { name = "pbx1"; local = true; roles = ["acme-pbx:server"]; },
  { name = "gw1"; id = 3; address = "fe80::3%lo"; roles = ["acme-pbx:gateway"]; }
);
END
"$builddir/svcport" export "$@" nftables |
	grep -qF "ip6 saddr { fe80::3 } tcp dport { 5061 } accept" ||
	fail "a link-local address"
exit 0
