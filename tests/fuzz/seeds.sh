#!/bin/sh
# seeds.sh DIR: a first input or more for each fuzzer, in DIR/FUZZER/, made of what is shipped.
srcdir=${srcdir:-.}
builddir=${builddir:-.}
[ $# -eq 1 ] || { echo "usage: seeds.sh DIR" >&2; exit 2; }
dir=$1
for f in conf event fastpath import journal mib netlink probe template text transport; do
	mkdir -p "$dir/fuzz_$f"
done

# seed FUZZER NAME PREFIX: standard input behind the octets of a prefix (printf's)
seed() {
	# shellcheck disable=SC2059
	{ printf "$3"; cat; } >"$dir/fuzz_$1/$2"
}

for f in "$srcdir"/conf/examples/*.cfg "$srcdir"/tests/integration/acme.cfg; do
	seed conf "site-${f##*/}" '\000' <"$f"
done
for f in "$srcdir"/conf/catalogues/*.cfg; do
	seed conf "catalogue-${f##*/}" '\001' <"$f"
done
# A document is large for a fuzzer: its head, and a service of it, are soon changed whole.
sed -n '1,/services = (/p' "$srcdir/conf/catalogues/flowmon.cfg" | seed conf head '\001'
seed conf overrides '\000' <<'EOF'
format = 1; hosts = ( { name = "a"; local = true; roles = ["acme:server"]; },
{ name = "b"; address = "192.0.2.1"; roles = ["acme:agent"]; id = 7; active-when = "::1"; } );
overrides = ( { service = "acme/*"; host = "*"; ports = "${base}+4"; expect = "closed";
scope = "local"; payload = "hex:00ff"; severity = "minor"; sample-ports = "1"; } );
mutes = ( { host = "*"; until = "2026-12-01T06:00:00+01:00"; } );
groups = ( { name = "g"; hosts = ["b"]; services = ["acme/ctl"]; need = 1; } );
instances = ( { catalogue = "acme"; name = "acme-b"; number = 10001; } );
parameters = { acme = { base = 7; }; base = [1, 2]; };
EOF
for f in "$srcdir"/tests/data/*.tsv; do
	seed import "${f##*/}" '' <"$f"
done
seed import one.csv '' <<'EOF'
Port,Protocol,From,To,Description,Required,Condition
"80, 443",TCP,client,server,"web, ""all""",yes,
7000-7003,TCP/UDP,a <-> b,c,range,optional,if used
EOF
"$builddir/svcport" mib | seed mib own ''
seed mib small '' <<'EOF'
M DEFINITIONS ::= BEGIN IMPORTS enterprises FROM SNMPv2-SMI; m MODULE-IDENTITY
DESCRIPTION "One. Two." ::= { enterprises 1 2 } T ::= TEXTUAL-CONVENTION SYNTAX INTEGER
{ one(1), two(2) } t OBJECT-TYPE SYNTAX SEQUENCE OF E ::= { m 1 } e OBJECT-TYPE SYNTAX E
INDEX { c } ::= { t 1 } c OBJECT-TYPE SYNTAX T (1..2) MAX-ACCESS read-only ::= { e 1 }
n NOTIFICATION-TYPE --#SEVERITY MAJOR
OBJECTS { c } ::= { m 3 } END
EOF
for f in "$srcdir"/packaging/exports/*.in; do
	seed template "${f##*/}" 0 <"$f"
done
seed template small 1 <<'EOF'
@{each two x} @{item} @{sep ,} @{each two}
@{echo a b}@{end} @{end}
EOF
n=0
while read -r kind text; do
	n=$((n + 1))
	printf '%s' "$text" | seed text "$n" "\\00$kind"
done <<'EOF'
0 2026-12-01T06:00:00.5+01:00
1 1.3.6.1.4.1.8072.9999.9999.2741
2 11702-11703, 11706
3 fe80::1%1
3 192.0.2.7
4 ${base}+4, 11701+${drive}-${drive}+11705
5 >= 5.4.1, < 6;5.4.1-rc1
6 Zürich – 端口
7 Über 9000 Ports
10 0: 0100007F:0016 00000000:0000 0A 00000000:00000001 00:00000000 00000000 1000 0 12 1 0 100
EOF
for kind in 000 001 002 003 004 010 011 012 020 040 100 200; do
	printf 'SSH-2.0-x\r\n220 mail ESMTP\r\n0123456789abcdef0123456789abcdef' |
	    seed probe "$kind" "\\$kind"
done
# Messages of 24 or 88 octets: a dump's end, a socket, an address.
for kind in 001 003 005 007 011; do
	printf '\130\000\130\000\000\000\024\000\002\000%078d\030\000\024\000\000\000\003\000%016d' \
	    0 0 | seed netlink "$kind" "\\$kind"
done
printf '\007\004\000key\000\005\004\000\000\000\000\001\022\010\000\000\000\000\001\000\000\000\002' |
    seed journal small '\002'
printf '\001\022\020\000%08d\000\000\000\010ab' 1 | seed transport response 9
printf '\001\005\020\000%04d%04d\000\000\000\001\000\000\000\010aaaabbbb' 1 2 | seed transport get 2
