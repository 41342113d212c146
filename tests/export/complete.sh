#!/bin/sh
# Importer files leave nothing of the MIB out: every notification where notifications are
# handled, every verdict where it has words; with the root that the site file changes.
set -u
srcdir=${srcdir:-.}
builddir=${builddir:-.}
root=1.3.6.1.4.1.8072.9999.9999.2741
other=1.3.6.1.4.1.4242.7

work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-complete.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAIL: $*"
	exit 1
}

# The MIB's own words, by its text alone: "NAME NUMBER" of notifications and of verdicts.
"$builddir/svcport" mib --root $other >"$work/mib" || fail "svcport mib"
awk '$2 == "NOTIFICATION-TYPE" { name = $1 }
	name != "" && $1 == "::=" { print name, $4; name = "" }' "$work/mib" >"$work/traps"
awk '/^SvcPortVerdict ::=/ { inside = 1 }
	inside && /SYNTAX +INTEGER/ { labels = 1 }
	labels && match($1, /^[a-zA-Z]+\([0-9]+\)/) {
		split($1, part, "[()]")
		print part[1], part[2]
	}
	labels && /}/ { exit }' "$work/mib" >"$work/verdicts"
[ "$(wc -l <"$work/traps")" -eq 17 ] || fail "not 17 notifications: $(cat "$work/traps")"
[ "$(wc -l <"$work/verdicts")" -eq 7 ] || fail "not 7 verdicts: $(cat "$work/verdicts")"

sed '/^mib-root/d' "$srcdir/tests/data/export/svcport.cfg" >"$work/site.cfg"
echo "mib-root = \"$other\";" >>"$work/site.cfg"
"$builddir/svcport" export --site "$work/site.cfg" -C "$srcdir/tests/data/export/catalogues" \
	--into "$work/all" all >"$work/names" || fail "svcport export all"
grep -rlF "$root" "$work/all" && fail "these have another root than the site"
for kind in sevone prognosis snmptt snmp-exporter zabbix nagios librenms telegraf centreon; do
	grep -rqF "$other" "$work/all/$kind" || fail "$kind does not have the site's root"
done

# each FILE PATTERN LIST: for each line "NAME NUMBER" of the list the pattern is in the file
each() {
	file=$work/all/$1
	[ -s "$file" ] || fail "no $1"
	while read -r name number; do
		words=$(echo "$name" | sed 's/[A-Z]/ &/g' | tr '[:upper:]' '[:lower:]')
		pattern=$(echo "$2" | sed -e "s/NAME/$name/g" -e "s/NUMBER/$number/g" \
			-e "s/WORDS/$words/g" -e "s/ROOT/$other/g")
		tr '\n' ' ' <"$file" | grep -Eq -e "$pattern" ||
			fail "$1 has no $name: no \"$pattern\""
	done <"$3"
}

oid='[^0-9.]ROOT\.0\.NUMBER[^0-9.]'
each sevone/svcport-sevone.md "$oid" "$work/traps"
each prognosis/svcport-prognosis.md "$oid" "$work/traps"
each snmptt/snmptt.conf "EVENT NAME \\.ROOT\\.0\\.NUMBER " "$work/traps"
each zabbix/snmptt.conf "EVENT NAME \\.ROOT\\.0\\.NUMBER " "$work/traps"
each librenms/snmptraps.php "NAME" "$work/traps"

each sevone/svcport-sevone.md "SvcPortVerdict:[^-]*[ ]NAME\\(NUMBER\\)" "$work/verdicts"
each prognosis/svcport-prognosis.md "SvcPortVerdict:[^-]*[ ]NUMBER WORDS[, ]" "$work/verdicts"
each snmp-exporter/snmp.yml "svcPortCheckVerdict.*NUMBER: NAME" "$work/verdicts"
each zabbix/svcport.yaml "value: '?NUMBER'? +newvalue: '?WORDS" "$work/verdicts"
each grafana/svcport.json "\"NUMBER\": *\\{[^}]*\"text\": *\"WORDS\"" "$work/verdicts"

# What alerts has an alert, or a trigger, for each kind of deviation.
sed -n 's/^\(closedRecommended\|notEncrypted\|openForbidden\|closedRequired\) /& /p' \
	"$work/verdicts" >"$work/deviations"
each prometheus-rules/svcport.rules.yml "svcPortCheckVerdict[^=]*== NUMBER" \
	"$work/deviations"

# The name of a table goes into rules: it cannot be more than a name.
for table in 'a b' 'x; flush ruleset' 1a ''; do
	"$builddir/svcport" export --site "$work/site.cfg" \
		-C "$srcdir/tests/data/export/catalogues" --table "$table" nftables \
		>"$work/nft" 2>/dev/null
	[ $? -eq 2 ] || fail "--table '$table': not 2"
	[ ! -s "$work/nft" ] || fail "--table '$table': writes rules"
done
"$builddir/svcport" export --site "$work/site.cfg" \
	-C "$srcdir/tests/data/export/catalogues" --table my-table_1 nftables |
	grep -q 'table inet my-table_1 {' || fail "--table my-table_1"
exit 0
