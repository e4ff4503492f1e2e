// axe-core finds nothing, nothing scrolls sideways and nothing is blocked, on every kind of page, light and dark, narrow and wide.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { address, all, browser, build, incidentPages, pagesOfEveryKind, serve } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let chromium;
const sites = [];
before(async () => {
  chromium = await browser();
  for (const { name, source, now } of all) {
    const folder = build(source, now);
    sites.push({ name, folder, ...(await serve(folder)) });
  }
});
after(async () => {
  await chromium?.close();
  for (const site of sites) await site.close();
});

/** What is wrong with a page as it stands. */
async function faults(page) {
  const found = await page.evaluate(async (tags) => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const { violations } = await globalThis.axe.run(document, { runOnly: tags });
    const list = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) list.push(`scrolls sideways: ${scrollWidth} px of content in ${clientWidth} px`);
    return list;
  }, tags);
  return found;
}

async function open(context, url) {
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(url);
  return { page, said };
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 360, 1280]) {
    test(`no fault in ${colorScheme} at ${width} px`, async () => {
      // The tests' own axe script is injected through the debugger, so the policy of the page stays in force.
      const context = await chromium.newContext({ colorScheme, viewport: { width, height: 800 } });
      for (const site of sites) {
        for (const path of pagesOfEveryKind(site.folder)) {
          const { page, said } = await open(context, address(site, path));
          await page.evaluate(axe);
          assert.deepEqual(await faults(page), [], `${site.name} ${path}`);
          assert.deepEqual(said.filter((text) => !(path === "404.html" && /404/.test(text))), [], `${site.name} ${path}`);
          await page.close();
        }
      }
      await context.close();
    });
  }
}

test("no fault on any incident page", async () => {
  const context = await chromium.newContext({ viewport: { width: 360, height: 800 } });
  for (const site of sites) {
    for (const path of incidentPages(site.folder)) {
      const { page } = await open(context, address(site, path));
      await page.evaluate(axe);
      assert.deepEqual(await faults(page), [], `${site.name} ${path}`);
      await page.close();
    }
  }
  await context.close();
});

test("nothing is lost at 200 % text, in forced colours and from right to left", async () => {
  const context = await chromium.newContext({ viewport: { width: 640, height: 800 }, forcedColors: "active" });
  for (const site of sites) {
    for (const path of pagesOfEveryKind(site.folder)) {
      const { page } = await open(context, address(site, path));
      const sideways = await page.evaluate(() => {
        const root = document.documentElement;
        const widths = [];
        for (const [size, dir] of [["200%", "ltr"], ["100%", "rtl"], ["200%", "rtl"]]) {
          root.style.fontSize = size;
          root.dir = dir;
          widths.push(root.scrollWidth - root.clientWidth);
        }
        return widths;
      });
      assert.deepEqual(sideways, [0, 0, 0], `${site.name} ${path}`);
      await page.close();
    }
  }
  await context.close();
});
