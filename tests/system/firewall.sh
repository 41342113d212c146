#!/bin/bash
# firewall.sh WORK BIN: in a network namespace of its own, with WORK/rules.nft and
# WORK/base.nft loaded, a second namespace as the other hosts, and WORK/fifo as what keeps
# the listeners alive: what gets through?
set -u
fail() {
	echo "FAIL: $*"
	exit 1
}
ip link set lo up
unshare -n sleep 300 &
other=$!
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ] &&
	grep -q sleep /proc/$other/cmdline; do
	kill -0 $other || fail "no second namespace"
	sleep 0.05
done
there() {
	nsenter -t $other -n "$@"
}
ip link add veth0 type veth peer name veth1 netns $other || fail "veth"
ip addr add 192.0.2.1/24 dev veth0
ip addr add 2001:db8::1/64 dev veth0 nodad
ip link set veth0 up
there ip link set lo up
there ip addr add 192.0.2.2/24 dev veth1
there ip addr add 192.0.2.9/24 dev veth1
there ip addr add 2001:db8::3/64 dev veth1 nodad
there ip link set veth1 up
for i in 1 2; do
	nft -f "$1/rules.nft" || fail "load $i"
	nft list table inet svc >"$1/listed$i"
done
cmp "$1/listed1" "$1/listed2" || fail "a second load changes the rules"
nft -f "$1/base.nft" || fail "base chains"

listeners="5061 9100 9200 443 8443 23 5432 9700 22"
# shellcheck disable=SC2046,SC2086
"$2/tests/portholder" $(printf 'tcp/%s ' $listeners) <"$1/fifo" >/dev/null &
there "$2/tests/portholder" tcp/9100 tcp/22 <"$1/fifo" >/dev/null &
connects() {
	timeout 2 bash -c ": >/dev/tcp/$1/$2" 2>/dev/null
}
export -f connects
until connects 192.0.2.1 9100 && there bash -c 'connects 192.0.2.2 9100'; do
	sleep 0.1
done
# comes FROM TO PORT: from the other host
comes() {
	there python3 -c "
import socket, sys
s = socket.socket(socket.AF_INET6 if ':' in '$1' else socket.AF_INET)
s.settimeout(1)
s.bind(('$1', 0))
try:
    s.connect(('$2', $3))
except OSError:
    sys.exit(1)"
}
echo "- a server reaches what its role needs"
comes 192.0.2.2 192.0.2.1 9100 || fail "pbx2 -> 9100"
comes 192.0.2.2 192.0.2.1 9200 || fail "pbx2 -> 9200"
comes 2001:db8::3 2001:db8::1 5061 || fail "gw1 -> 5061"
there ping -c1 -W1 -I 192.0.2.2 192.0.2.1 >/dev/null || fail "pbx2 pings"
connects 192.0.2.2 9100 || fail "-> pbx2 9100"
ping -c1 -W1 2001:db8::3 >/dev/null || fail "ping to gw1"
echo "- and nobody else, and nothing more"
! comes 192.0.2.9 192.0.2.1 9100 || fail "a stranger -> 9100"
! comes 192.0.2.2 192.0.2.1 22 || fail "pbx2 -> 22"
! comes 192.0.2.2 192.0.2.1 5061 || fail "pbx2 -> 5061, which is for phones and gateways"
! comes 192.0.2.2 192.0.2.1 9700 || fail "an optional port"
! comes 2001:db8::3 2001:db8::1 9100 || fail "gw1 -> 9100"
! connects 192.0.2.2 22 || fail "-> pbx2 22"
! there ping -c1 -W1 -I 192.0.2.9 192.0.2.1 >/dev/null || fail "a stranger pings"
echo "- a role that no host of the site plays is filled in at run time"
! comes 192.0.2.9 192.0.2.1 443 || fail "an administrator before his address is known"
nft add element inet svc svcport.acme-pbx.admin.4 '{ 192.0.2.8-192.0.2.15 }' || fail "element"
comes 192.0.2.9 192.0.2.1 443 || fail "an administrator -> 443"
comes 192.0.2.9 192.0.2.1 8443 || fail "an administrator -> 8443"
! comes 192.0.2.9 192.0.2.1 9100 || fail "an administrator -> 9100"
nft -f "$1/rules.nft" || fail "a load afterwards"
comes 192.0.2.9 192.0.2.1 443 || fail "the address is forgotten by a load"
echo "- what must be closed or local is, whatever follows"
nft add rule inet svc input accept
! comes 192.0.2.2 192.0.2.1 23 || fail "telnet"
! comes 192.0.2.2 192.0.2.1 5432 || fail "database"
comes 192.0.2.2 192.0.2.1 22 || fail "the rule that follows"
connects 192.0.2.1 5432 || fail "database on the host itself"
