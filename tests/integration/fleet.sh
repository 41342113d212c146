# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of tests/integration/lib.sh
# Two agents and one that never answers, for the tests of `svcport status` and `watch`,
# beside tests/integration/lib.sh.
#
#   $here    answers for host "here": acme, its ports are held by portholder
#   $there   answers for host "there": acme, of which nothing listens on web
#   $silent  takes datagrams and answers none

# second_snmpd: as start_snmpd, on another loopback address
second_snmpd() {
	there=127.0.0.2:$(free_port)
	sed -e "s|^agentXSocket .*|agentXSocket $work/agentx2|" \
		-e 's|127\.0\.0\.1$|127.0.0.0/8|' "$work/snmpd.conf" >"$work/snmpd2.conf"
	mkdir "$work/persistent2"
	[ ${#as_user[@]} -eq 0 ] || chown "$nobody" "$work/persistent2"
	start snmpd2 env SNMP_PERSISTENT_DIR="$work/persistent2" snmpd -f -Lo -C \
		-c "$work/snmpd2.conf" -I -smux -r "udp:$there"
	wait_for 30 "second AgentX socket" test -S "$work/agentx2"
}

# second_svcportd: as start_svcportd, host "there", web on a port where nothing listens
second_svcportd() {
	other_web=$(free_port)
	sed -e "s|$work/state|$work/state2|" -e "s|$work/agentx|$work/agentx2|" \
		-e 's|name = "here"|name = "there"|' -e "s|web = $web|web = $other_web|" \
		"$work/svcport.cfg" >"$work/svcport2.cfg"
	"${as_user[@]}" mkdir -p "$work/state2"
	start svcportd2 "$bin/svcportd" -f -c "$work/svcport2.cfg"
	wait_for 60 "first answer of the second svcportd" \
		v2c snmpget -Ov "$there" "$root.1.7.1.1.10.1.1"
}

start_fleet() {
	start_snmpd "rwcommunity public 127.0.0.0/8" "view part included .1" \
		"view part excluded .$root.1.7" "rocommunity part 127.0.0.0/8 -V part"
	here=$snmpd_address
	second_snmpd
	acme
	silent=127.0.0.3:$(free_port)
	start_holder "tcp/$web" "udp/$flow" "tcp/127.0.0.1/$db" "tcp/$help" \
		"udp/${silent%:*}/${silent#*:}"
	start_svcportd
	second_svcportd
	wait_for 20 "verdict" is 10 10.1.1 1
	wait_for 20 "second verdict" eval \
		"v2c snmpget -Oqv '$there' $root.1.7.1.10.10.1.1 | grep -qx 7"
}
