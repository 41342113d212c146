"""SVCPORT-MIB.json of pysmi's mibdump, as reference.py prints it."""
import json
import sys

mib = json.load(open(sys.argv[1]))
types = {}


def labels(syntax):
    constraints = syntax.get("constraints", {}).get("enumeration")
    if constraints:
        return constraints
    return types.get(syntax.get("type"), {})


for name, node in mib.items():
    if node.get("class") == "textualconvention":
        types[name] = labels(node["type"])
for name, node in mib.items():
    kind = node.get("class")
    if kind == "notificationtype":
        print("oid", name, node["oid"])
        for i, varbind in enumerate(node["objects"]):
            print("varbind", name, i + 1, varbind["object"])
    elif kind == "objecttype" and node.get("nodetype") in ("scalar", "column"):
        print("oid", name, node["oid"])
        for word, number in labels(node["syntax"]).items():
            print("label", name, word, number)
