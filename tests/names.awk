# Puts names and labels of SVCPORT-MIB in the place of numbers, as net-snmp's tools do
# where the MIB and all that it imports is installed.
#
#     awk -v root=1.3.6.1.4.1... -f names.awk SVCPORT-MIB.txt LINES
#
# LINES are varbinds as `snmpwalk -On` and `snmptrapd -On` print them, one a line.

function hex(pair) {
	return (index("0123456789ABCDEF", substr(pair, 1, 1)) - 1) * 16 + \
	    index("0123456789ABCDEF", substr(pair, 2, 1)) - 1
}

# DateAndTime of RFC 2579: eight octets, perhaps three of the zone.
function date(octets, o, n) {
	n = split(octets, o, " ")
	return sprintf("%d-%02d-%02d %02d:%02d:%02d.%d%s", hex(o[1]) * 256 + hex(o[2]),
	    hex(o[3]), hex(o[4]), hex(o[5]), hex(o[6]), hex(o[7]), hex(o[8]),
	    n < 11 ? "" : sprintf(" %s%02d:%02d", hex(o[9]) == 43 ? "+" : "-",
	    hex(o[10]), hex(o[11])))
}

function oid(name) {
	return name == "svcPortMIB" ? root : oid(parent[name]) "." number[name]
}

# The longest known name that `dotted` begins with, and what follows it.
function name_of(dotted, rest, tail) {
	rest = dotted
	tail = ""
	while (!(rest in names) && match(rest, /\.[0-9]+$/)) {
		tail = substr(rest, RSTART) tail
		rest = substr(rest, 1, RSTART - 1)
	}
	known = rest in names ? names[rest] : ""
	return known == "" ? dotted : known tail
}

function label(object, value) {
	if ((object, value) in labels)
		return labels[object, value] "(" value ")"
	if ((type[object], value) in labels)
		return labels[type[object], value] "(" value ")"
	return value
}

# ---- the MIB

NR == FNR && /^[A-Za-z][A-Za-z0-9-]* +(::= TEXTUAL-CONVENTION|OBJECT|NOTIFICATION-TYPE)/ {
	current = $1
}
NR == FNR && /^    SYNTAX / {
	type[current] = $2
	if ($2 == "INTEGER" && /\{/)
		listing = 1
}
NR == FNR && listing && match($0, /[A-Za-z][A-Za-z0-9-]*\([0-9]+\)/) {
	split(substr($0, RSTART, RLENGTH - 1), part, "(")
	labels[current, part[2]] = part[1]
}
NR == FNR && /\}/ {
	listing = 0
}
NR == FNR && /::= +\{ *svcPort[A-Za-z]* +[0-9]+ *\}/ {
	parent[current] = $(NF - 2)
	number[current] = $(NF - 1)
}
NR == FNR {
	next
}

# ---- the lines

FNR == 1 {
	names["1.3.6.1.2.1.1.3"] = "sysUpTime"
	names["1.3.6.1.6.3.1.1.4.1"] = "snmpTrapOID"
	for (object in parent)
		names[oid(object)] = object
}
{
	at = index($0, " = ")
	name = name_of(substr($0, 2, at - 2))
	object = known
	value = substr($0, at + 3)
	sub(/ +$/, "", value)
	kind = value
	sub(/:.*/, "", kind)
	sub(/^[A-Za-z0-9-]+: /, "", value)
	if (kind == "OID")
		value = name_of(substr(value, 2))
	else if (kind == "INTEGER")
		value = label(object, value)
	else if (kind == "Hex-STRING" && type[object] == "DateAndTime")
		value = date(value)
	print name " = " value
}
