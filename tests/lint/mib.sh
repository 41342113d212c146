#!/bin/sh
# SVCPORT-MIB as strict parsers read it, below several roots.  The base modules are those
# of Debian's erlang-snmp.

set -u
srcdir=${srcdir:-.}
builddir=${builddir:-.}

skip() {
	echo "skip: $*"
	exit 77
}

fail() {
	echo "FAIL: $*"
	exit 1
}

for program in smilint smidump snmptranslate; do
	command -v $program >/dev/null || skip "no $program"
done
base=
for dir in /usr/lib/erlang/lib/snmp-*/mibs /usr/share/snmp/mibs/ietf; do
	[ ! -f "$dir/SNMPv2-SMI.mib" ] && [ ! -f "$dir/SNMPv2-SMI" ] || base=$dir
done
[ -n "$base" ] || skip "no base modules: install erlang-snmp"

work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-mib.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/mibs" "$work/persistent"
module=$work/mibs/SVCPORT-MIB.txt
export SMIPATH="$base" SNMPCONFPATH="$work" SNMP_PERSISTENT_DIR="$work/persistent"

translate() {
	snmptranslate -M "$base:$work/mibs" -m SVCPORT-MIB "$@" 2>"$work/stderr"
}

for root in 1.3.6.1.4.1.8072.9999.9999.2741 1.3.6.1.4.1.12345.7 1.3.6.1.4.1.54321 \
	1.3.6.1.3.99; do
	"$builddir/svcport" mib --root $root >"$module" || fail "svcport mib --root $root"
	# smilint always ends with 0: its silence counts; a path without '/' is a name
	smilint -c /dev/null -l 6 -s "$module" >"$work/smilint" 2>&1
	[ ! -s "$work/smilint" ] || {
		cat "$work/smilint"
		fail "smilint with root $root"
	}
	[ "$(translate -IR -On svcPortMIB)" = ".$root" ] || fail "net-snmp with root $root"
done

# The root of a site.
printf 'format = 1;\nmib-root = "1.3.6.1.4.1.12345.7";\n' >"$work/site.cfg"
"$builddir/svcport" mib --site "$work/site.cfg" >"$work/of-site" || fail "mib --site"
"$builddir/svcport" mib --root 1.3.6.1.4.1.12345.7 | cmp - "$work/of-site" ||
	fail "svcport mib is not below the site's mib-root"

"$builddir/svcport" mib >"$module" || fail "svcport mib"
LC_ALL=C grep -n '[^ -~]' "$module" && fail "not plain ASCII"
grep -n '@' "$module" | grep -v "'acme-pbx" && fail "a mark of the template is left"

# One object a node, all of them reachable.
translate -Tp -IR svcPortMIB >"$work/tree" || fail "snmptranslate -Tp"
grep -q 'svcPortCheckVerdict(10)' "$work/tree" || fail "no svcPortCheckVerdict"
! grep -i 'cannot find\|bad operator\|undefined' "$work/stderr" || fail "net-snmp complains"

# net-snmp drops labels that are words of SMI: compare them with libsmi's.
smidump -k -f xml "$module" 2>/dev/null | awk -F'"' '
	/<typedef [^>]*name=/ { type = $2; node = "" }
	/<(scalar|column) / { node = $2 }
	/<namednumber / {
		label = $2 "(" $4 ")"
		if (node != "")
			print node, label
		else
			labels[type] = labels[type] " " label
	}
	/<type module="SVCPORT-MIB" name=/ && node != "" {
		n = split(labels[$4], list, " ")
		for (i = 1; i <= n; i++)
			print node, list[i]
	}' | sort >"$work/libsmi"
cut -d' ' -f1 "$work/libsmi" | sort -u | while read -r name; do
	translate -Td -IR "$name" | tr '\n' ' ' |
		sed -n 's/.*SYNTAX[^{]*{\([^}]*\)}.*/\1/p' |
		grep -o '[A-Za-z0-9]*([0-9]*)' | sed "s/^/$name /"
done | sort >"$work/netsnmp"
[ -s "$work/libsmi" ] || fail "no labels found"
diff "$work/libsmi" "$work/netsnmp" || fail "net-snmp's labels differ from libsmi's"
