#!/bin/sh
# What README.md and docs/ promise to cover is covered: every reason in troubleshooting, what
# `unknown` can mean in README, every state, column and notification in mib.md and in
# SVCPORT-MIB(7), whose commands are those of mib.md, which the walkthrough runs.
set -u
cd "${srcdir:-.}" || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
	echo "$*"
	failed=1
}

# holds FILE TEXT WHAT
holds() {
	grep -qF -e "$2" "$1" || fail "$1 has no \"$2\": $3"
}

# The words of each reason, "REASON_X<tab>words".
awk '
	/^\t\[REASON_/ { entry = "" }
	/^\t\[REASON_/, /},$/ { entry = entry $0 }
	/},$/ && entry != "" {
		code = entry
		gsub(/^\t\[|\].*/, "", code)
		gsub(/"[ \t]*"/, "", entry)
		sub(/^[^"]*"/, "", entry)
		sub(/".*/, "", entry)
		print code "\t" entry
		entry = ""
	}' src/model/reason.c >"$work/words"
codes=$(grep -c '^	REASON_.*[,=]' src/model/reason.h)
[ "$(wc -l <"$work/words")" -eq "$codes" ] ||
	fail "$(wc -l <"$work/words") words of $codes reasons were found"
while IFS='	' read -r code words; do
	holds docs/troubleshooting.md "| $words |" "$code"
done <"$work/words"

# Those with which a look ends that saw nothing: the states of such looks are named beside.
blind=$(cat src/*/*.c | tr -d '\n' | tr ';' '\n' |
	grep -E 'CONNECT_(PROBE_ERROR|NAME_ERROR|UNKNOWN)|LISTEN_UNKNOWN' |
	grep -o 'REASON_[A-Z_]*' | sort -u)
[ "$(echo "$blind" | wc -l)" -ge 7 ] || fail "only these reasons are blind: $blind"
sed -n '/^## When it says unknown/,/^## How/p' README.md >"$work/unknown"
for code in $blind REASON_SCAN_FAILED REASON_UNREACHABLE; do
	words=$(sed -n "s/^$code	//p" "$work/words")
	holds "$work/unknown" "| $words |" "README's \"When it says unknown\", $code"
done

# SVCPORT-MIB: labels, columns of the table to poll, tables, notifications.
mib=mibs/SVCPORT-MIB.txt.in
awk '/^ *SYNTAX  *INTEGER *\{/ { inside = 1 } inside { print } /\}/ { inside = 0 }' $mib |
	grep -o '[a-zA-Z0-9]*([0-9]*)' | sort -u >"$work/labels"
[ "$(wc -l <"$work/labels")" -ge 60 ] || fail "only $(wc -l <"$work/labels") labels"
while read -r label; do
	holds docs/mib.md "$label" "a label"
	holds man/SVCPORT-MIB.7.in "$label" "a label"
done <"$work/labels"
grep -o '^svcPortCheck[A-Za-z]* OBJECT-TYPE\|^svcPort[A-Za-z]*Table OBJECT-TYPE\|^svcPort[A-Za-z]* NOTIFICATION-TYPE' $mib |
	grep -v '^svcPortCheck\(Entry\|Control\|Mute\)' | sed 's/ .*//' >"$work/names"
[ "$(wc -l <"$work/names")" -ge 35 ] || fail "only $(wc -l <"$work/names") names"
while read -r name; do
	for page in docs/mib.md man/SVCPORT-MIB.7.in; do
		grep -qw -e "$name" $page || fail "$page has no $name"
	done
done <"$work/names"
sed -n '/^\.Bd -literal/,/^\.Ed/p' man/SVCPORT-MIB.7.in | grep -v '^\.' >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 6 ] || fail "SVCPORT-MIB(7) has no commands"
while read -r command; do
	case $command in
	root=*) ;;
	*) holds docs/mib.md "$command" "a command of SVCPORT-MIB(7)" ;;
	esac
done <"$work/commands"
exit $failed
