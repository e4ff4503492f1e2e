// What the script adds: the reader's own time, a page that renews itself in place, filters, and the warning that a page is old.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

import { address, browser, build, files, leadsOn, outage, quiet, serve } from "./site.mjs";

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

/** The first link on the screen, and how far from its top it is, in pixels. */
function nearTheTop(page) {
  return page.evaluate(() => {
    const place = (link) => ({ href: link.getAttribute("href"), top: link.getBoundingClientRect().top });
    return [...document.querySelectorAll("main a")].map(place).find(({ top }) => top > 0);
  });
}

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

test("a promised word that does not come is said between two builds", async () => {
  const page = await open(`${site.url}/`);
  const broken = page.locator("[data-late]").first();
  assert.equal(await broken.textContent(), "");
  // Built at 14:18; promised by 14:30. Nobody rebuilds, and nobody writes.
  await page.clock.runFor(14 * 60_000);
  assert.equal(await broken.textContent(), "we have not kept our word; this line stays until we write");
  assert.match(await page.locator(".facts").first().innerText(), /14:30\sCEST[^]*2\smin\sago[^]*we have not kept our word/);
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
  const link = page.locator("main a").last();
  await link.evaluate((link) => link.focus({ preventScroll: true }));
  const before = await link.getAttribute("href");
  // Instantly: a smooth scroll would still be on its way when the news comes.
  await page.evaluate(() => scrollTo({ top: 300, behavior: "instant" }));
  const seen = await nearTheTop(page);
  assert.ok(seen.top >= 0 && seen.top < 500, `${seen.href} is ${seen.top} px from the top`);
  const old = site.folder;
  site.folder = build(outage.source, "2022-03-29T12:45:00Z");
  await page.clock.runFor(90_000);
  await page.waitForFunction(() => document.querySelector(".asof").textContent.includes("14:45"));
  // The promised word was broken, which takes a line or two above; what the reader looks at did not move.
  assert.ok((await page.evaluate(() => scrollY)) > 300);
  const after = await nearTheTop(page);
  assert.equal(after.href, seen.href);
  assert.ok(Math.abs(after.top - seen.top) < 1, `${seen.href} moved from ${seen.top} to ${after.top} px`);
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

test("a report prints whole, with its pictures and without what paper cannot do", async () => {
  const own = await serve(build(quiet.source, quiet.now));
  const page = await open(`${own.url}/rfo/2026-03-24-mail-programs-cannot-log-in/`, { at: quiet.now });
  await page.emulateMedia({ media: "print" });
  for (const gone of [".site nav", ".foot nav", "section[aria-labelledby=keep]"]) {
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  }
  const text = await page.locator("main").innerText();
  for (const words of ["In short", "Record of events", "Root cause", "What we promised"]) assert.ok(text.includes(words), words);
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.match(pdf, /\/Subtype\s*\/Image/, "the picture is on paper");
  await page.context().close();
  await own.close();
});

test("updates that are folded away are open on paper", async () => {
  const page = await open(`${site.url}/incidents/2022-03-29-imap-and-pop-logins-failing/`);
  await page.evaluate(() => {
    const fold = document.createElement("details");
    fold.innerHTML = "<summary>more</summary><p id='folded'>words</p>";
    document.querySelector("main").append(fold);
  });
  const shown = () => page.evaluate(() => document.querySelector("#folded").checkVisibility());
  assert.equal(await shown(), false);
  await page.emulateMedia({ media: "print" });
  assert.equal(await shown(), true);
  await page.context().close();
});

test("an address from before a file was renamed leads to where it is now", async () => {
  const own = await serve(build(quiet.source, quiet.now));
  const old = files(own.folder).filter((file) => file.endsWith(".html") && leadsOn(own.folder, file));
  assert.ok(old.length > 0, "the site has no such address");
  for (const path of old) {
    const page = await open(address(own, path), { at: quiet.now });
    await page.waitForFunction(() => document.querySelector("h1 ~ .asof"));
    assert.notEqual(page.url(), address(own, path));
    assert.match(page.url(), /\/(incidents|rfo)\/[^/]+\/$/);
    await page.context().close();
  }
  await own.close();
});
