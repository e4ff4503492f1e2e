// Lighthouse gives full marks for accessibility, best practices and search; its figure for speed is reported, not asserted.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

import { address, build, files, outage, serve } from "./site.mjs";

let context;
let site;
const port = 9222 + (process.pid % 1000);
before(async () => {
  site = await serve(build(outage.source, outage.now));
  context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "upfront-lh-")), {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      `--remote-debugging-port=${port}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  // A browser that has just started is slow at its first page, whatever the page.
  const page = await context.newPage();
  await page.goto(site.url);
  await page.close();
});
after(async () => {
  await context?.close();
  await site?.close();
});

for (const [name, kind] of [
  ["front page", /^index\.html$/],
  ["incident", /^incidents\/[^/]+\/index\.html$/],
  ["report", /^rfo\/(?!\d{4}\/)[^/]+\/index\.html$/],
]) {
  test(`full marks for the ${name}`, async (t) => {
    const page = files(site.folder).find((file) => kind.test(file));
    assert.ok(page, `the site has no ${name}`);
    const { lhr } = await lighthouse(address(site, page), {
      port,
      logLevel: "error",
      onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
    });
    const score = (category) => Math.round(lhr.categories[category].score * 100);
    t.diagnostic(`performance ${score("performance")} on ${page}`);
    for (const category of ["accessibility", "best-practices", "seo"]) {
      const lost = Object.values(lhr.categories[category].auditRefs)
        .map(({ id }) => lhr.audits[id])
        .filter((audit) => audit.score !== null && audit.score < 1)
        .map((audit) => `${audit.id}: ${audit.title}`);
      assert.equal(score(category), 100, `${category}: ${lost.join("; ")}`);
    }
  });
}
