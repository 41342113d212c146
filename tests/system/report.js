// Looks at one.html and five.html of a directory with the eyes of a browser; see report.it.
//	node report.js DIRECTORY /usr/bin/chromium
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const dir = process.argv[2];
const axe = path.join(process.env.NODE_PATH, "axe-core", "axe.min.js");

// A page, all of whose requests but the first are refused and remembered.
async function open(browser, name, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const asked = [];
	const errors = [];
	await context.route("**", (route) => {
		asked.push(route.request().url());
		return asked.length === 1 ? route.continue() : route.abort();
	});
	page.on("pageerror", (e) => errors.push(String(e)));
	page.on("console", (m) => errors.push(m.text()));
	await page.goto("file://" + path.join(dir, name + ".html"));
	assert.deepStrictEqual(errors, []);
	assert.strictEqual(asked.length, 1, "asks for " + asked.slice(1));
	return page;
}

const rows = (page) => page.$$eval("#checks tbody tr", (all) => all.filter((r) => !r.hidden)
	.map((r) => Array.from(r.cells, (c) => c.innerText.trim())));
const column = async (page, i) => (await rows(page)).map((r) => r[i]);
const count = (page) => page.innerText("#count");

async function accessible(page, what) {
	await page.addScriptTag({ path: axe });
	const { violations } = await page.evaluate(() => window.axe.run());
	assert.deepStrictEqual(violations.map((v) => v.id + ": " + v.help + ": " +
		v.nodes.map((n) => n.html).slice(0, 3).join(" ")), [], "axe-core, " + what);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert(wide <= 0, what + " is wider than the screen by " + wide);
}

const screens = {
	wide: { viewport: { width: 1400, height: 1000 } },
	dark: { viewport: { width: 1400, height: 1000 }, colorScheme: "dark" },
	narrow: { viewport: { width: 390, height: 844 } },
};

async function looks(browser, name) {
	for (const screen of Object.keys(screens)) {
		const page = await open(browser, name,
			Object.assign({ bypassCSP: true }, screens[screen]));
		await accessible(page, name + ", " + screen);
		await page.screenshot({ path: path.join(dir, name + "-" + screen + ".png") });
		await page.context().close();
	}
	console.log("  " + name + ": no violation, nothing from elsewhere, fits " +
		Object.keys(screens).join(", "));
}

// What the page says is what `svcport check` says.
async function agrees(page, name) {
	const checks = JSON.parse(fs.readFileSync(path.join(dir, name + ".json"), "utf8"));
	const shown = await rows(page);
	assert.deepStrictEqual(shown.map((r) => r[1] + " " + r[0]).sort(),
		checks.map((c) => c.name + " " + c.verdict).sort());
	for (const row of shown)
		assert.match(row[6], /\n.*, line \d+$/, "no citation: " + row);
	const of = (...verdicts) => checks.filter((c) => verdicts.includes(c.verdict)).length;
	const bad = of("closedRequired", "openForbidden", "notEncrypted", "closedRecommended");
	const tiles = await page.$$eval(".tile b", (all) => all.map((b) => Number(b.innerText)));
	assert.deepStrictEqual(tiles, [bad, of("unknown"), of("compliant"), of("notEvaluated")]);
	const sums = await page.$$eval(".sums", (all) => all.map((table) =>
		Array.from(table.tBodies[0].rows).map((r) => Number(r.cells[2].innerText))
			.reduce((a, b) => a + b)));
	assert.deepStrictEqual(sums, [checks.length, checks.length]);
	return bad;
}

async function filters(page, bad) {
	const all = (await rows(page)).length;
	await page.fill("#text", "SNMP noc1");
	for (const row of await rows(page))
		assert(row.join(" ").toLowerCase().includes("snmp"), row);
	assert.strictEqual(await count(page), `${(await rows(page)).length} of ${all} rows`);
	await page.fill("#text", "no such text");
	assert.strictEqual(await count(page), `0 of ${all} rows`);
	await page.fill("#text", "");
	await page.selectOption("#verdict", "4-7");
	assert.strictEqual((await rows(page)).length, bad);
	await page.selectOption("#product", "flowmon");
	assert((await column(page, 1)).every((name) => name.startsWith("flowmon/")));
	await page.selectOption("#verdict", "1-7");
	await page.selectOption("#host", "fmc-prague");
	assert((await column(page, 1)).every((name) => name.endsWith("@fmc-prague")));
	assert((await rows(page)).length > 0);
	await page.selectOption("#product", "");
	await page.selectOption("#host", "");
	assert.strictEqual((await rows(page)).length, all);
	await page.click(".tile.t7");
	assert.strictEqual((await rows(page)).length, bad);
	assert(await page.isVisible("#every-check"));
	await page.selectOption("#verdict", "1-7");
}

const sorted = (texts) => [...texts].sort((a, b) =>
	a.localeCompare(b, undefined, { numeric: true }));

async function sorts(page) {
	const head = (i) => page.locator("#checks thead th").nth(i);
	await head(2).locator("button").click();
	assert.strictEqual(await head(2).getAttribute("aria-sort"), "ascending");
	let ports = await column(page, 2);
	assert.deepStrictEqual(ports, sorted(ports));
	await head(2).locator("button").click();
	assert.strictEqual(await head(2).getAttribute("aria-sort"), "descending");
	ports = await column(page, 2);
	assert.deepStrictEqual(ports, sorted(ports).reverse());
	await head(0).locator("button").click();
	assert.strictEqual(await head(2).getAttribute("aria-sort"), null);
	assert.strictEqual((await column(page, 0))[0], "closedRequired");
}

// Without a mouse: from the search field to the headings, and Enter sorts.
async function keys(page) {
	const focused = () => page.evaluate(() => {
		const e = document.activeElement;
		return [e.id || e.innerText, getComputedStyle(e).outlineStyle];
	});
	await page.focus("#text");
	for (const want of ["verdict", "product", "host", "Verdict", "Check"]) {
		await page.keyboard.press("Tab");
		const [name, outline] = await focused();
		assert.strictEqual(name.trim(), want);
		assert.strictEqual(outline, "solid", want + " does not show that it has the focus");
	}
	await page.keyboard.press("Enter");
	const names = await column(page, 1);
	assert.deepStrictEqual(names, sorted(names));
	await page.keyboard.press("Space");
	assert.deepStrictEqual(await column(page, 1), sorted(names).reverse());
	await page.focus(".tile");
	await page.keyboard.press("Enter");
	assert.strictEqual((await focused())[0], "verdict");
}

async function prints(page) {
	await page.emulateMedia({ media: "print" });
	assert(!await page.isVisible("form"));
	assert(await page.isVisible("#checks tbody tr:not([hidden]) >> nth=0"));
	await page.pdf({ path: path.join(dir, "print.pdf"), preferCSSPageSize: true });
	assert(fs.statSync(path.join(dir, "print.pdf")).size > 20000);
}

async function withoutScript(browser) {
	const page = await open(browser, "one", { javaScriptEnabled: false });
	assert(!await page.isVisible("form"));
	assert(await page.isVisible("#checks tbody tr:not([hidden]) >> nth=0"));
}

(async () => {
	const browser = await chromium.launch({ executablePath: process.argv[3],
		args: ["--no-sandbox"] });
	try {
		await looks(browser, "one");
		await looks(browser, "five");
		let page = await open(browser, "one", screens.wide);
		await agrees(page, "one");
		page = await open(browser, "five", screens.wide);
		const bad = await agrees(page, "five");
		assert(bad > 0);
		await filters(page, bad);
		await sorts(page);
		await keys(page);
		await prints(page);
		await withoutScript(browser);
		console.log("  filters, sorts, by keyboard as well, prints");
	} finally {
		await browser.close();
	}
})().catch((e) => {
	console.error(e.stack || e);
	process.exit(1);
});
