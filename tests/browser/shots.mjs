// Takes a picture of every kind of page, light and dark, on a phone and wide, into tests/browser/shots/, to be looked at.
// With `--readme` only the one that the README shows: the first screen of this repository's own site.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { address, all, browser, build, pagesOfEveryKind, quiet, repository, serve } from "./site.mjs";

const chromium = await browser();
try {
  if (process.argv.includes("--readme")) await readme();
  else await everything();
} finally {
  await chromium.close();
}

async function readme() {
  const site = await serve(build(quiet.source, quiet.now));
  const path = join(repository, "docs/front-page.png");
  await shot(site, quiet.now, { colorScheme: "light", viewport: { width: 1280, height: 900 } }, [["index.html", { path }]]);
  await site.close();
}

async function everything() {
  const folder = join(repository, "tests/browser/shots");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, source, now } of all) {
    const site = await serve(build(source, now));
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        const pages = pagesOfEveryKind(site.folder).map((page) => {
          const file = `${name}-${page.replace(/\/?(index)?\.html$/, "").replaceAll("/", "_") || "front"}-${width}-${colorScheme}.png`;
          return [page, { path: join(folder, file), fullPage: true }];
        });
        await shot(site, now, { colorScheme, viewport: { width, height: 800 } }, pages);
      }
    }
    await site.close();
  }
}

/** Pictures of pages in one browser, which stands at `now` in the site's own zone. */
async function shot(site, now, options, pages) {
  const context = await chromium.newContext({ timezoneId: "Europe/Oslo", ...options });
  for (const [path, how] of pages) {
    const page = await context.newPage();
    await page.clock.install({ time: new Date(now) });
    await page.goto(address(site, path));
    await page.screenshot(how);
    await page.close();
  }
  await context.close();
}
