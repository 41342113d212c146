"""by_snimpy.py SVCPORT-MIB.txt [AGENT]: what snimpy makes of the MIB, as reference.py prints
it; with an agent the table of checks as it reads it, "NAME VERDICT"."""
import os
import sys

from snimpy import manager, mib

file = sys.argv[1]
mib.path(os.path.dirname(file))
name = "SVCPORT-MIB"
if len(sys.argv) > 2:
    manager.load(file)
    agent = manager.Manager(sys.argv[2], "public", 2)
    for index in agent.svcPortCheckName:
        print(agent.svcPortCheckName[index], str(agent.svcPortCheckVerdict[index]).split("(")[0])
    sys.exit()
mib.load(file)
for node in list(mib.getScalars(name)) + list(mib.getColumns(name)):
    print("oid", node, ".".join(map(str, node.oid)))
    for number, word in (node.enum or {}).items():
        print("label", node, word, number)
for node in mib.getNotifications(name):
    print("oid", node, ".".join(map(str, node.oid)))
    for i, varbind in enumerate(node.objects):
        print("varbind", node, i + 1, varbind)
