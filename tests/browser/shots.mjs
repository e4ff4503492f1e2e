// Takes a picture of every kind of page, light and dark, on a phone and wide, into tests/browser/shots/, to be looked at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { address, browser, build, outage, pagesOfEveryKind, quiet, repository, serve } from "./site.mjs";

const folder = join(repository, "tests/browser/shots");
mkdirSync(folder, { recursive: true });
const chromium = await browser();
for (const { name, source, now } of [quiet, outage]) {
  const site = await serve(build(source, now));
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1280]) {
      const context = await chromium.newContext({ colorScheme, viewport: { width, height: 800 }, timezoneId: "Europe/Oslo" });
      for (const path of pagesOfEveryKind(site.folder)) {
        const page = await context.newPage();
        await page.clock.install({ time: new Date(now) });
        await page.goto(address(site, path));
        const file = `${name}-${path.replace(/\/?(index)?\.html$/, "").replaceAll("/", "_") || "front"}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
        await page.close();
      }
      await context.close();
    }
  }
  await site.close();
}
await chromium.close();
