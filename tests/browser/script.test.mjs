// What the script adds: the reader's own time, a page that renews itself in place, filters, and the warning that a page is old.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

import { address, browser, build, incidentPages, outage, quiet, serve } from "./site.mjs";

let chromium;
let site;
before(async () => {
  chromium = await browser();
  site = await serve(build(outage.source, outage.now));
});
after(async () => {
  await chromium?.close();
  await site?.close();
});

/** A page at a moment of our choosing. */
async function open(url, { timezoneId = "America/New_York", at = outage.now, ...options } = {}) {
  const context = await chromium.newContext({ timezoneId, ...options });
  const page = await context.newPage();
  await page.clock.install({ time: new Date(at) });
  await page.goto(url);
  return page;
}

test("a reader elsewhere sees their own time beside the site's", async () => {
  const page = await open(`${site.url}/`);
  assert.match(await page.locator(".asof").first().innerText(), /14:18\sCEST.*08:18\sEDT/s);
  await page.context().close();
});

test("a reader in the site's zone sees no second time", async () => {
  const page = await open(`${site.url}/`, { timezoneId: "Europe/Oslo" });
  assert.equal(await page.locator(".own").count(), 0);
  await page.context().close();
});

test("without a script everything is there", async () => {
  const page = await open(`${site.url}/`, { javaScriptEnabled: false }).catch(() => null);
  const context = await chromium.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${site.url}/`);
  const text = await plain.locator("body").innerText();
  for (const words of ["14:18", "14:30", "CEST"]) assert.ok(text.includes(words), words);
  assert.ok(await plain.locator("h1").isVisible());
  await context.close();
  await page?.context().close();
});

test("news arrives without losing the reader's place, and is announced politely", async () => {
  const page = await open(`${site.url}/`);
  await page.setViewportSize({ width: 360, height: 500 });
  await page.evaluate(() => scrollTo(0, 300));
  const link = page.locator("main a").last();
  await link.focus();
  const before = await link.getAttribute("href");
  const old = site.folder;
  site.folder = build(outage.source, "2022-03-29T12:45:00Z");
  await page.clock.runFor(90_000);
  await page.waitForFunction(() => document.querySelector(".asof").textContent.includes("14:45"));
  assert.equal(await page.evaluate(() => scrollY), 300);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), before);
  const live = page.locator("[aria-live=polite]");
  assert.match(await live.first().innerText(), /14:45/);
  site.folder = old;
  await page.context().close();
});

test("a page that was not rebuilt in time says so", async () => {
  const page = await open(`${site.url}/`, { at: "2022-03-29T14:00:00Z" });
  await page.clock.runFor(61_000);
  assert.match(await page.locator(".banner").innerText(), /old/i);
  await page.context().close();
  const fresh = await open(`${site.url}/`);
  assert.equal(await fresh.locator(".banner:visible").count(), 0);
  await fresh.context().close();
});

test("a filter on the history hides what was not asked for, and says how much is left", async () => {
  const own = await serve(build(quiet.source, quiet.now));
  const page = await open(`${own.url}/history/`, { at: quiet.now });
  const rows = page.locator("main ol.rows > li:visible");
  const all = await rows.count();
  const control = page.locator("main select").first();
  await control.selectOption({ index: 1 });
  const some = await rows.count();
  assert.ok(some < all, `${some} of ${all} rows`);
  await control.selectOption({ index: 0 });
  assert.equal(await rows.count(), all);
  await page.context().close();
  await own.close();
});

test("opened as a file, the page is styled and its links lead to pages", async () => {
  const context = await chromium.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(site.folder, "index.html")).href);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector("h1")).fontSize), "32px");
  await page.locator("nav a", { hasText: "History" }).first().click();
  assert.match(page.url(), /history\/index\.html$/);
  assert.equal(await page.locator("h1").innerText(), "History");
  await context.close();
});

test("the icon and the social description say the state", async () => {
  const page = await open(`${site.url}/`);
  assert.match(await page.locator("link[rel=icon]").getAttribute("href"), /outage/);
  assert.match(await page.locator("meta[property='og:description']").getAttribute("content"), /outage/i);
  await page.context().close();
});

test("a report prints whole, and folded updates are open on paper", async () => {
  const context = await chromium.newContext();
  const page = await context.newPage();
  await page.goto(address(site, incidentPages(site.folder)[0]));
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await context.close();
});
