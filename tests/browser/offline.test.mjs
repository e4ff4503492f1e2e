// The copy for readers without a connection: shown only when the site cannot be reached, and with its age.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { browser, build, outage, serve } from "./site.mjs";

let chromium;
let source;
const sites = [];
before(async () => {
  chromium = await browser();
  source = join(mkdtempSync(join(tmpdir(), "upfront-")), "source");
  cpSync(outage.source, source, { recursive: true });
  const config = join(source, "upfront.toml");
  writeFileSync(config, `offline_copy = true\n${readFileSync(config, "utf8")}`);
});
after(async () => {
  await chromium?.close();
  for (const site of sites) await site.close();
});

async function served(folder) {
  const site = await serve(folder);
  sites.push(site);
  return site;
}

/** Seen once with a connection, so that there is a copy. */
async function visited(site) {
  const context = await chromium.newContext({ timezoneId: "America/New_York" });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(`${site.url}/`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  return { context, page, complaints };
}

test("without a connection the last copy is shown with its age, and gone again with it", async () => {
  const site = await served(build(source, outage.now));
  const { context, page, complaints } = await visited(site);
  assert.equal(await page.locator(".offline").count(), 0);
  assert.deepEqual(complaints, [], "the page's own policy allows it");
  const headline = await page.locator("h1").innerText();
  const incident = await page.locator("main a[href^='incidents/']").first().getAttribute("href");

  await context.setOffline(true);
  await page.reload();
  const banner = page.locator(".offline");
  // Word joiners are not seen.
  const told = (await banner.innerText()).replace(/\u2060/g, "").replace(/\s/g, " ");
  assert.match(told, /^You are offline.*\. This is a copy from 29 March 2022, 14:18 CEST, \d+ days ago\.$/);
  assert.equal(await page.locator("h1").innerText(), headline);
  assert.ok(await page.evaluate(() => document.styleSheets[0].cssRules.length > 0), "with its style sheet");
  // An incident that is open was kept, though nobody looked at it; of all else one is led to the front page.
  await page.goto(`${site.url}/${incident.split("#")[0]}`);
  assert.equal(await banner.count(), 1);
  await page.goto(`${site.url}/response/`);
  assert.equal(page.url(), `${site.url}/`);

  await context.setOffline(false);
  await page.reload();
  assert.equal(await banner.count(), 0);
  await context.close();
});

test("a site that stopped is the same as no connection, and a newer build replaces the copy", async () => {
  const site = await served(build(source, outage.now));
  const { context, page } = await visited(site);
  site.folder = build(source, "2022-03-29T12:45:00Z");
  await page.reload();
  await site.close();
  await page.reload();
  assert.match(await page.locator(".offline").innerText(), /14:45/);
  await context.close();
});

test("a host that lost the site, and answers 404 to everything or with a page of its own, takes away no copy", async () => {
  const site = await served(build(source, outage.now));
  const { context, page } = await visited(site);
  const good = site.folder;
  const lost = mkdtempSync(join(tmpdir(), "upfront-"));
  for (const name of ["404.html", "_headers"]) writeFileSync(join(lost, name), name === "_headers" ? "" : "No such site");
  site.folder = lost;
  const settled = () => page.waitForTimeout(1000);
  for (const path of ["/", "/response/", "/"]) {
    await page.goto(`${site.url}${path}`);
    await settled();
  }
  assert.equal(await page.locator(".offline").count(), 1, "404 to everything");
  // Parked, with status 200: it is shown, as it is what the network says, but it is not the site.
  writeFileSync(join(lost, "index.html"), "<p>This name is for sale");
  await page.goto(`${site.url}/`);
  await settled();
  assert.equal((await page.evaluate(() => navigator.serviceWorker.getRegistrations())).length, 1);
  await context.setOffline(true);
  await page.goto(`${site.url}/`);
  assert.equal(await page.locator(".offline").count(), 1, "the last copy is the site's own");
  await context.setOffline(false);
  site.folder = good;
  await page.goto(`${site.url}/`);
  assert.equal(await page.locator(".offline").count(), 0);
  await context.close();
});

test("a site that brings no copy any more takes back the old one", async () => {
  const site = await served(build(source, outage.now));
  const { context, page } = await visited(site);
  site.folder = build(outage.source, outage.now);
  await page.reload();
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await context.close();
});
