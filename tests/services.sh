#!/bin/sh
# `svcport services` lists every printed line of every document: as many in each section
# as the document has, none left out, each with section and line.
set -u

source=${srcdir:-.}
svcport=${builddir:-.}/svcport
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# catalogue|section|printed lines, counted in the documents
cat >"$work/want" <<'EOF'
flowmon|Alerts|2
flowmon|DNS|1
flowmon|Distributed Architecture|2
flowmon|E-mails|1
flowmon|Flow Collection|4
flowmon|Flowmon APM|2
flowmon|Flowmon Networks remote services portal|1
flowmon|Flowmon Traffic Recorder|1
flowmon|LDAP-based authentication|2
flowmon|SNMP-based monitoring|3
flowmon|Time synchronization|1
flowmon|User remote access|2
prognosis|AudioCodes SBC|4
prognosis|Avaya Aura Application Enablement Services|1
prognosis|Avaya Aura Communication Manager|6
prognosis|Avaya Aura Contact Center|4
prognosis|Avaya Aura System and Session Manager|3
prognosis|Avaya Experience Portal|3
prognosis|Avaya IP Office|2
prognosis|Avaya Modular Messaging|2
prognosis|Avaya Session Border Controller for Enterprise|1
prognosis|Base Ports|7
prognosis|Call Recording Assurance|9
prognosis|Cisco Emergency Responder|2
prognosis|Cisco Expressway|2
prognosis|Cisco Meeting Server|3
prognosis|Cisco TelePresence Management Suite|3
prognosis|Cisco Unified Border Element|3
prognosis|Cisco Unified Communications Manager|5
prognosis|Cisco Unified Computing System, Cisco UCS B-Series|1
prognosis|Cisco Unified Computing System, Cisco UCS C-Series|1
prognosis|Cisco Unified Contact Center Enterprise|3
prognosis|Cisco Unified Contact Center Express|3
prognosis|Cisco Unified Presence|3
prognosis|Cisco Unified SIP Proxy|3
prognosis|Cisco Unity Connection|3
prognosis|Cisco Voice Portal (CVP) and Cisco Voice XML Gateways|1
prognosis|Common Ports|13
prognosis|Media Integrity Port Requirements|9
prognosis|Microsoft Skype for Business|10
prognosis|Microsoft Teams|1
prognosis|Oracle SBC|2
prognosis|Ribbon SBC|2
psm|Table 1: PSM Client to PSM Server|9
psm|Table 2: PSM Server to PSM Server|1
psm|Table 3: PSM Server to Network Element|10
psm|Table 4: PSM Client to Network Element|7
psm|Table 5: PSM Server to Network Operations Center|1
psm|Table 6: PSM Server to External RADIUS Server|1
psm|Table 7: PSM Server to Other Hosts|5
psm|Table 8: BTI7800 Port Usage|14
sesam|Additional ports for SEP sesam GUI PC with installed SEP sesam Client|3
sesam|Additional ports for SEP sesam Remote Device Server with GUI|1
sesam|Port numbers for Citrix XenServer|2
sesam|Port numbers for HPE StoreOnce|2
sesam|Port numbers for NDMP|1
sesam|Port numbers for SEP sesam Client|3
sesam|Port numbers for SEP sesam GUI PC (not SEP sesam Server)|1
sesam|Port numbers for SEP sesam Remote Device Server|7
sesam|Port numbers for SEP sesam Server|8
sesam|Port numbers for VMware vSphere|3
sesam|Used default ports: SEP sesam Client|2
sesam|Used default ports: SEP sesam Remote Device Server|2
sesam|Used default ports: SEP sesam Server|2
sevone-nms|2.1 Minimum ports for NMS cluster|34
sevone-nms|2.2 Hot Standby Appliance (HSA)|9
sevone-nms|2.3 NMS data collection|2
sevone-nms|2.4 Remote management|4
sevone-nms|2.5.1 SevOne Data Insight (SDI)|13
sevone-nms|2.5.2 SevOne Data Bus (SDB)|5
sevone-nms|2.5.3 Solutions: Cisco SDN|5
sevone-nms|2.5.3 Solutions: Enterprise WiFi|6
sevone-nms|2.5.3 Solutions: SD-WAN Nokia-Nuage|9
sevone-nms|2.5.3 Solutions: SD-WAN Versa|10
sevone-nms|2.5.3 Solutions: SD-WAN Viptela|9
sevone-nms|2.5.4 NetFlow Connector (DNC)|9
EOF

fail() {
	echo "$*"
	exit 1
}

# A site file of its own: what is installed on this machine does not matter.
echo 'format = 1;' >"$work/site.cfg"
"$svcport" services --format tsv --site "$work/site.cfg" \
	-C "$source/conf/catalogues" >"$work/services" || fail "services: status $?"
read -r header <"$work/services"
[ "$header" = "$(printf '%s\t' catalogue index name protocol ports from to expected \
	encryption section line feature)descr" ] || fail "header: $header"

awk -F '\t' 'NR > 1 && (NF != 13 || $1 == "" || $2 !~ /^[1-9][0-9]*$/ || $3 == "" ||
	$4 !~ /^(tcp|udp|icmp|none)$/ || $10 == "" || $11 !~ /^[1-9][0-9]*$/ ||
	$13 == "" || ($4 ~ /tcp|udp/ && $5 !~ /^[0-9]/)) { print; bad = 1 }
	END { exit bad }' "$work/services" || fail "these rows lack something"

awk -F '\t' 'NR > 1 && !seen[$1, $11]++ { lines[$1 "|" $10]++ }
	END { for (s in lines) print s "|" lines[s] }' "$work/services" |
	LC_ALL=C sort >"$work/have"
diff -u "$work/want" "$work/have" || fail "sections differ from the documents"

for product in sevone-nms:115 prognosis:115 psm:48 sesam:37 flowmon:22; do
	awk -F '\t' -v name="${product%:*}" -v n="${product#*:}" '
		$1 == name { seen[$11] = 1; if ($11 > n) above = $11 }
		END {
			for (i = 1; i <= n; i++)
				if (!(i in seen)) { print name ": no line " i; bad = 1 }
			if (above) { print name ": line " above; bad = 1 }
			exit bad
		}' "$work/services" || fail "$product"
done

# A name that is none is told, whatever is to be listed.
for verb in catalogues services roles features parameters plan; do
	"$svcport" $verb --site "$work/site.cfg" -C "$source/conf/catalogues" flowmn \
		>/dev/null 2>"$work/said"
	[ $? -eq 2 ] || fail "$verb of a name that is none: status"
	grep -q "of that name" "$work/said" || fail "$verb: $(cat "$work/said")"
done

# The words for site files: one for each in the catalogues, and a site file may use them.
for word in role feature parameter; do
	"$svcport" ${word}s --format tsv -C "$source/conf/catalogues" >"$work/$word" ||
		fail "${word}s: status $?"
	listed=$(($(wc -l <"$work/$word") - 1))
	have=$(awk -v list="${word}s" '
		$0 ~ "^[ \t]*" list " *=( *\\(|$)" { inside = 1 }
		inside { n += gsub(/{ *name *=/, "") }
		inside && /\);/ { inside = 0 }
		END { print n }' "$source"/conf/catalogues/*.cfg)
	[ "$listed" -eq "$have" ] || fail "$listed ${word}s listed, the files have $have"
done
awk -F '\t' '
	NR == FNR && FNR > 1 { roles = roles ", \"" $1 "\"" }
	NR != FNR && FNR > 1 { features = features ", \"" $1 "\"" }
	END {
		print "format = 1;"
		print "features = [" substr(features, 3) "];"
		print "hosts = ( { name = \"all\"; local = true; roles = [" \
		    substr(roles, 3) "]; } );"
	}' "$work/role" "$work/feature" >"$work/site.cfg"
"$svcport" lint -C "$source/conf/catalogues" "$work/site.cfg" || fail "lint of the words"
awk -F '\t' 'NR > 1 && $1 == "flowmon:collector" && $3 == 10 && $4 == 11 { ok = 1 }
	END { exit !ok }' "$work/role" || fail "counts of flowmon:collector"
