// by_node.js DIRECTORY [ADDRESS PORT]: what the npm package net-snmp makes of the MIB, as
// reference.py prints it; with an agent the table of checks as it reads it, "NAME VERDICT".
"use strict";
const path = require("node:path");
const snmp = require("net-snmp");

const [dir, address, port] = process.argv.slice(2);
const store = snmp.createModuleStore();
for (const name of ["SNMP-FRAMEWORK-MIB", "INET-ADDRESS-MIB", "SVCPORT-MIB"])
	store.loadFromFile(path.join(dir, name + ".txt"));
const mib = store.getModule("SVCPORT-MIB");

function labels(syntax) {
	const named = typeof syntax === "string" ? mib[syntax] : undefined;
	const type = named && named.SYNTAX ? named.SYNTAX : syntax;
	return type && type.INTEGER ? type.INTEGER : {};
}

function list() {
	for (const [name, node] of Object.entries(mib)) {
		if (node.MACRO === "NOTIFICATION-TYPE") {
			console.log("oid", name, node.OID);
			node.OBJECTS.forEach((object, i) => console.log("varbind", name, i + 1, object));
			continue;
		}
		const syntax = node.SYNTAX;
		if (node.MACRO !== "OBJECT-TYPE" || node["MAX-ACCESS"] === "not-accessible" && /Table$/.test(name) ||
			/^SvcPort.*Entry$/.test(syntax))
			continue;
		console.log("oid", name, node.OID);
		for (const [number, word] of Object.entries(labels(syntax)))
			console.log("label", name, word, number);
	}
}

function read() {
	const session = snmp.createSession(address, "public",
		{ port: Number(port), version: snmp.Version2c });
	const words = labels(mib.svcPortCheckVerdict.SYNTAX);
	session.tableColumns(mib.svcPortCheckTable.OID, [1, 10], 20, (error, table) => {
		if (error)
			throw error;
		for (const row of Object.values(table))
			console.log(String(row[1]), words[row[10]]);
		session.close();
	});
}

if (address === undefined)
	list();
else
	read();
