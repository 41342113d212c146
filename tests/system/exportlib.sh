# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of tests/integration/lib.sh
# What the tests of importer files share, beside tests/integration/lib.sh: svcportd with
# the catalogue made up for them, on a host with two ports that the test opens and closes.
#
#   $sip    the port of acme-pbx/sip-tls, row 9001.1.1, required
#   $telnet the port of acme-pbx/telnet, row 9001.8.1, must be closed

# svcport_export KIND [FILE]: for the site that svcportd has
svcport_export() {
	"$bin/svcport" export --site "$work/svcport.cfg" "$@"
}

# base_mibs: prints the directory of the IETF's modules
base_mibs() {
	local dir

	for dir in /usr/lib/erlang/lib/snmp-*/mibs /usr/share/snmp/mibs/ietf; do
		if [ -f "$dir/SNMPv2-SMI.mib" ] || [ -f "$dir/SNMPv2-SMI" ]; then
			echo "$dir"
			return
		fi
	done
	return 1
}

# mib_dir: makes $work/mibs with SVCPORT-MIB and the modules that it imports
mib_dir() {
	local base name

	base=$(base_mibs) || skip "no base modules: install erlang-snmp"
	mkdir -p "$work/mibs"
	for name in SNMPv2-SMI SNMPv2-TC SNMPv2-CONF SNMPv2-MIB SNMP-FRAMEWORK-MIB \
		INET-ADDRESS-MIB; do
		cp "$base/$name.mib" "$work/mibs/$name.txt" 2>/dev/null ||
			cp "$base/$name" "$work/mibs/$name.txt" || fail "no $name"
	done
	"$bin/svcport" mib >"$work/mibs/SVCPORT-MIB.txt" || fail "svcport mib"
	chmod -R a+rX "$work/mibs"
}

# start_agent [LINE...]: lines for snmpd's configuration
start_agent() {
	start_snmpd "$@"
	sip=$(free_port)
	telnet=$(free_port)
	other=$(free_port)
	cp -r "$srcdir/tests/data/export/catalogues" "$work/acme"
	chmod -R a+rX "$work/acme"
	catalogues=$work/acme
	site 'catalogues = ["acme-pbx"];' \
		'hold = 0; boot-grace = 0; interval = 5;' \
		'hosts = (' \
		'  { name = "pbx1"; local = true; roles = ["acme-pbx:server"]; },' \
		'  { name = "gw1"; id = 3; address = "127.0.0.3"; roles = ["acme-pbx:gateway"]; }' \
		');' \
		'features = ["acme-pbx:cdr"];' \
		'overrides = (' \
		'  { service = "acme-pbx/*"; host = "*"; expect = "optional"; },' \
		"  { service = \"acme-pbx/sip-tls\"; host = \"pbx1\"; ports = \"$sip\"; expect = \"required\"; }," \
		"  { service = \"acme-pbx/telnet\"; host = \"pbx1\"; ports = \"$telnet\"; expect = \"closed\"; }," \
		"  { service = \"acme-pbx/cdr\"; host = \"gw1\"; ports = \"$other\"; expect = \"required\"; }" \
		');'
	start_holder "tcp/$sip" "tcp/$other"
	start_svcportd
	wait_for 20 "verdict of an open port" is 10 9001.1.1 1
	wait_for 20 "verdict of a probed port" is 10 9001.11.3 1
}
