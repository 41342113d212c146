#!/bin/bash
# The manual pages against the programs: every key that a reader knows is explained, no
# other is, and what stands there as an example works.
set -u

source=$(cd "${srcdir:-.}" && pwd)
build=$(cd "${builddir:-.}" && pwd)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
PATH=$build:$PATH
failed=0

fail() {
	echo "$*"
	failed=1
}

# known PAGE SNIPPET...: the reader itself tells what it knows, when it is given a key
# that nobody knows; the page has a ".It Cm KEY" for each.
known() {
	local page=$build/man/$1 snippet keys key

	shift
	: >all-keys
	for snippet; do
		echo "$snippet" >asked.cfg
		keys=$(svcport lint asked.cfg | sed -n 's/.*; known here: //p')
		[ -n "$keys" ] || fail "$page: nothing known of $snippet"
		for key in ${keys//,/ }; do
			echo "$key" >>all-keys
			grep -Eq "^\.It Cm (.* )?$key( |\$)" "$page" ||
				fail "$page does not explain \"$key\" of $snippet"
		done
	done
	sed -n 's/^\.It Cm //p' "$page" | sed 's/ No = .*//; s/ , /\n/g' >explained
	while read -r key; do
		grep -qx -e "$key" all-keys || fail "$page explains \"$key\": no such key"
	done <explained
}

x='qqqqqqqqqqqq = 1;'
known svcport.cfg.5 "$x" "probe = { $x };" "undocumented = { $x };" "hosts = ( { $x } );" \
	"instances = ( { $x } );" "groups = ( { $x } );" "overrides = ( { $x } );" \
	"mutes = ( { $x } );"
known svcport-catalogue.5 "catalogue = { }; $x" "catalogue = { $x };" \
	"catalogue = { document = { $x }; };" "catalogue = { roles = ( { $x } ); };" \
	"catalogue = { features = ( { $x } ); };" \
	"catalogue = { parameters = ( { $x } ); };" \
	"catalogue = { services = ( { $x } ); };"

# example PAGE NAME: what stands in the literal blocks marked with that name.
example() {
	awk -v mark=".\\\\\" example $2" '
		$0 == mark { wanted = 1; next }
		wanted && /^\.Bd -literal/ { inside = 1; wanted = 0; next }
		/^\.Ed/ { inside = 0 }
		inside { gsub(/\\e/, "\\"); print }' "$build/man/$1"
}

example svcport-catalogue.5 acme >acme.cfg
[ -s acme.cfg ] || fail "no example catalogue"
svcport lint acme.cfg >messages || fail "the example catalogue is wrong"
[ ! -s messages ] || fail "the example catalogue: $(cat messages)"

for name in flowmon prognosis; do
	example svcport.cfg.5 $name >site.cfg
	[ -s site.cfg ] || fail "no example $name"
	svcport lint -C "$source/conf/catalogues" site.cfg >messages ||
		fail "example $name is wrong"
	[ ! -s messages ] || fail "example $name: $(cat messages)"
	svcport plan --format tsv --site site.cfg -C "$source/conf/catalogues" >rows ||
		fail "example $name makes no plan"
	[ "$(wc -l <rows)" -gt 3 ] || fail "example $name checks nothing"
done

# The commands of svcport(1), in a directory that has what they name.  Nothing may leave
# this machine: the site of the example has the NOC's own host only.
cat >svcport.cfg <<'EOF'
format = 1;
catalogue-path = ["catalogues"];
hosts = ( { name = "ns1"; local = true;
            roles = ["flowmon:nms", "flowmon:trap-receiver", "flowmon:dns"]; } );
EOF
mkdir catalogues
cp "$source/conf/catalogues/flowmon.cfg" catalogues/
cp catalogues/flowmon.cfg flowmon.cfg
sed 's/ports = "2210"/ports = "2211"/' flowmon.cfg >flowmon.old.cfg
printf 'From,To,Port,Protocol,Purpose\nAdmin,Server,443,TCP,Web\n' >ports.csv

sed -n 's/^\(\.Dl \)\{0,1\}\$ \(svcport .*\)/\2/p' "$build/man/svcport.1" >commands
[ "$(wc -l <commands)" -ge 7 ] || fail "only $(wc -l <commands) example commands"
while IFS= read -r command; do
	case $command in
	*--site*) ;;
	"svcport services"*) command="${command/services/services --site svcport.cfg}" ;;
	esac
	case $command in
	"svcport diff"*) want=1 ;;
	"svcport check"*) want='[02]' ;; # whether a name server runs here or not
	*) want=0 ;;
	esac
	bash -c "$command" >output 2>errors </dev/null
	status=$?
	# shellcheck disable=SC2254 # a pattern it is
	case $status in
	$want) ;;
	*) fail "$command: status $status: $(cat errors)" ;;
	esac
	case $command in
	*'>'*) ;;
	*lint*) ;;
	*) [ -s output ] || fail "$command prints nothing" ;;
	esac
done <commands

# Every verb has its entry; every option of one is explained, and no other.
: >options
for verb in $(svcport help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	grep -q "^\.It Cm $verb\$" "$build/man/svcport.1" || fail "svcport.1: no $verb"
	svcport help "$verb" >usage 2>errors || fail "svcport help $verb: status $?"
	[ ! -s errors ] || fail "svcport help $verb: $(cat errors)"
	grep -q "^usage: svcport $verb" usage || fail "svcport help $verb: $(cat usage)"
	grep -o -e '--[a-z-]*' -e ' \[\{0,1\}-[A-Z]\b' usage | tr -d '[ ' >>options
done
[ "$(sort -u options | wc -l)" -ge 20 ] || fail "only these options: $(cat options)"
while read -r option; do
	grep -Eq "Fl ${option#-}( |\$)" "$build/man/svcport.1" ||
		fail "svcport.1 does not explain $option"
done <options
grep -o 'Fl -[a-z-]*' "$build/man/svcport.1" | sed 's/Fl /-/' | sort -u >explained
while read -r option; do
	grep -qx -e "$option" options || fail "svcport.1 explains $option: no verb has it"
done <explained
svcportd -h | sed -n 's/^  -\([a-zA-Z]\) .*/\1/p' | sort >options
sed -n 's/^\.It Fl \([a-zA-Z]\).*/\1/p' "$build/man/svcportd.8" | grep -v h | sort |
	diff options - || fail "svcportd.8: other options than svcportd -h"

# Defaults are those of the site file that is installed.
sed -n 's/^\.It Cm \([a-z-]*\) No = \(.*\)/\1 \2/p' "$build/man/svcport.cfg.5" |
	sed 's/ Dq \(.*\)/ "\1"/' >defaults
[ "$(wc -l <defaults)" -ge 15 ] || fail "only these defaults: $(cat defaults)"
while read -r key value; do
	case $key in
	format | need) continue ;; # needed; of groups, which have no default there
	esac
	grep -Eq "^#?[	 ]*(undocumented = \{ )?$key = $value;" "$build/conf/svcport.cfg" ||
		fail "svcport.cfg.5 says $key = $value: $(grep "$key = " "$build/conf/svcport.cfg")"
done <defaults
exit $failed
