#!/bin/bash
# svcport diff and svcport import as commands: what they print, where, and how they end.
set -u

source=$(cd "${srcdir:-.}" && pwd)
svcport=$(cd "${builddir:-.}" && pwd)/svcport
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
failed=0

fail() {
	echo "$*"
	failed=1
}

# ends STATUS COMMAND...: standard output in out, standard error in err
ends() {
	local want=$1 status

	shift
	"$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$want" ] || fail "$*: status $status, want $want: $(cat err)"
}

# says FILE LINE: the file has this line
says() {
	grep -qxF -e "$2" "$1" || fail "$1 lacks: $2"$'\n'"$(cat "$1")"
}

tab=$'\t'
shipped=$source/conf/catalogues/flowmon.cfg
site=$source/conf/examples/flowmon.cfg
mkdir old
# an older edition: a line less, another port, another role for the time server
sed -e '/{ number = 12; /,/Zabbix agent/d' -e '/"May be disabled"; },/d' \
	-e 's/ports = "2210"/ports = "2211"/' -e 's/"ntp"/"time"/g' \
	-e '/name = "zabbix"/d' "$shipped" >old/flowmon.cfg
"$svcport" lint old/flowmon.cfg >messages || fail "$(cat messages)"

# ---- diff

ends 0 "$svcport" diff "$shipped" "$shipped"
says err "no difference"
ends 1 "$svcport" diff --format tsv old/flowmon.cfg "$shipped"
says out "change${tab}what${tab}number${tab}name${tab}field${tab}before${tab}after"
says out "changed${tab}service${tab}21${tab}da-control-2210${tab}ports${tab}2211${tab}2210"
says out "removed${tab}role${tab}${tab}time${tab}${tab}Time server set in the appliance${tab}"
grep -q "^added${tab}service${tab}12${tab}zabbix-10050${tab}${tab}${tab}tcp/10050, " out ||
	fail "no service 12: $(cat out)"
says err "old/flowmon.cfg:17: warning: no service for these lines of the document: 12"
ends 1 "$svcport" diff --format json old/flowmon.cfg "$shipped"
grep -q '"number": 21, "name": "da-control-2210", "field": "ports"' out || fail "no json"

ends 2 "$svcport" diff "$shipped"
ends 2 "$svcport" diff "$shipped" missing.cfg
grep -q '^missing\.cfg' err || fail "$(cat err)"
ends 0 "$svcport" diff --help

# With the site: on which of its hosts, and what does not fit the new edition.
sed 's/ports = "2210"/ports = "2211"/' "$shipped" >port.cfg
ends 1 "$svcport" diff --format tsv --site "$site" -C "$source/conf/catalogues" \
	"$shipped" port.cfg
says out "changed${tab}service${tab}21${tab}da-control-2210${tab}ports${tab}2210${tab}2211${tab}fmc-prague"
[ ! -s err ] || fail "$(cat err)"
ends 2 "$svcport" diff --format tsv --site "$site" -C "$source/conf/catalogues" \
	"$shipped" old/flowmon.cfg
grep -q 'has no role "ntp"' err || fail "what does not fit is not told: $(cat err)"
[ "$(wc -l <out)" -gt 5 ] || fail "the differences are not shown beside it"

# A number stands for one service for ever.
sed -e 's/number = 21;/number = 99;/' "$shipped" >renumbered.cfg
ends 1 "$svcport" diff "$shipped" renumbered.cfg
grep -q '"da-control-2210" had number 21 and has 99 now: numbers are never reused' err ||
	fail "a moved number is not told: $(cat err)"

# ---- import

printf 'From;To;Port;Protocol;Purpose\r\nAdmin;Server;443;TCP;"Web; UI"\r\n' >"My Ports.csv"
ends 0 "$svcport" import --csv "My Ports.csv" --vendor Acme --product Box --title "The list"
mv out my-ports.cfg
[ ! -s err ] || fail "$(cat err)"
"$svcport" lint my-ports.cfg >messages || fail "$(cat messages)"
[ ! -s messages ] || fail "$(cat messages)"
mkdir catalogues
cp my-ports.cfg catalogues/
echo 'format = 1;' >site.cfg
ends 0 "$svcport" catalogues --format tsv --site site.cfg -C catalogues
says out "10000${tab}my-ports${tab}Box${tab}${tab}The list${tab}1${tab}1"
ends 0 "$svcport" services --format tsv --site site.cfg -C catalogues
says out "my-ports${tab}1${tab}web-ui-443${tab}tcp${tab}443${tab}admin${tab}server${tab}requiredOpen${tab}${tab}Ports${tab}1${tab}${tab}Web; UI"

# A row that cannot be read is told and left out, and the status says so.
printf 'from,to,port,protocol\nA,B,0,TCP\nA,B,1,TCP\n' >bad.csv
ends 1 "$svcport" import --csv bad.csv --name x --number 10002
says err 'bad.csv:2: ports "0": "0" is not understood'
grep -q 'number = 10002;' out || fail "not the number asked for"
"$svcport" import --csv - --name piped <bad.csv >out 2>err
grep -q 'name = "piped";' out || fail "standard input is not read"
says err '-:2: ports "0": "0" is not understood'

for arguments in "" "--csv bad.csv --number 0" "--csv bad.csv --number x" \
	"--csv bad.csv --name a/b" "--csv bad.csv more" "--csv missing.csv" "--nonsense"; do
	# shellcheck disable=SC2086 # words
	ends 2 "$svcport" import $arguments
	[ ! -s out ] || fail "import $arguments prints something"
	[ -s err ] || fail "import $arguments says nothing"
done
printf 'no,table\n' >none.csv
ends 2 "$svcport" import --csv none.csv
[ ! -s out ] || fail "a catalogue of no table"
ends 0 "$svcport" import --help
exit $failed
