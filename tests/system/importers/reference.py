"""What libsmi makes of SVCPORT-MIB: `smidump -f xml` on standard input.  The others are
compared with these lines:

    oid NAME OID            scalars, columns, notifications
    label NAME WORD NUMBER  the enumeration of a scalar or column
    varbind NAME N OBJECT   of a notification
"""
import sys
import xml.etree.ElementTree as ET

top = ET.parse(sys.stdin).getroot()


def numbers(element):
    return [(n.get("name"), n.get("number")) for n in element.iter("namednumber")]


types = {t.get("name"): numbers(t) for t in top.find("typedefs")}
for node in list(top.iter("scalar")) + list(top.iter("column")):
    name = node.get("name")
    print("oid", name, node.get("oid"))
    syntax = node.find("syntax")
    named = syntax.find("type")
    labels = types.get(named.get("name"), []) if named is not None else numbers(syntax)
    for word, number in labels:
        print("label", name, word, number)
for node in top.iter("notification"):
    print("oid", node.get("name"), node.get("oid"))
    for i, varbind in enumerate(node.iter("object")):
        print("varbind", node.get("name"), i + 1, varbind.get("name"))
