// A mail in HTML: axe-core finds nothing, and nothing scrolls sideways, in light and dark, on a phone and a desk.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { binary, browser, outage } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"];

const post = `+++
title = "Webmail is slow for accounts with very many folders"
components = ["webmail"]
impact = "minor"
+++
## Investigating · 2022-03-29 12:10 UTC
It takes up to **twenty seconds** to open, see [the forum](https://forum.example/t/webmail-is-slow).

- Close other tabs.
- Use \`mail.fjordpost.example:993\` meanwhile.

> We saw the same in February.

| Place | Since |
|---|---|
| Bergen | 11:20 |

\`\`\`
X-Very-Long-Header-That-Does-Not-Fit: ${"abcdefghijklmnopqrstuvwxyz".repeat(6)}
\`\`\`
## Monitoring · 2022-03-29 12:15 UTC
It is fast again for most.
`;

/** The mails that would be sent, in HTML. */
function mails() {
  const root = join(mkdtempSync(join(tmpdir(), "upfront-mail-")), "site");
  cpSync(outage.source, root, { recursive: true });
  const config = join(root, "upfront.toml");
  const channel = `[[channel]]\nid = "mail"\nkind = "email"\nhost = "localhost"\nfrom = "status@fjordpost.example"\nto = "list@fjordpost.example"\nunsubscribe = "https://lists.example/leave"\n`;
  writeFileSync(config, `${readFileSync(config, "utf8")}\n${channel}`);
  writeFileSync(join(root, "incidents", "webmail-is-slow.md"), post);
  const shown = (...more) => execFileSync(binary, ["-C", root, "announce", "--dry-run", "--now", outage.now, ...more], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return (shown() + shown("--test")).match(/<!doctype html>[\s\S]*?<\/html>/g);
}

test("a mail is readable for everybody, wherever it is read", async () => {
  const all = mails();
  assert.equal(all.length, 5);
  const chromium = await browser();
  for (const colorScheme of ["light", "dark"])
    for (const width of [320, 360, 800]) {
      const context = await chromium.newContext({ colorScheme, viewport: { width, height: 800 } });
      for (const mail of all) {
        const page = await context.newPage();
        await page.setContent(mail);
        await page.evaluate(axe);
        const faults = await page.evaluate(async (tags) => {
          const { violations } = await globalThis.axe.run(document, { runOnly: tags });
          const { scrollWidth, clientWidth } = document.documentElement;
          const wide = scrollWidth > clientWidth ? [`scrolls sideways: ${scrollWidth}`] : [];
          return [...wide, ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))];
        }, tags);
        assert.deepEqual(faults, [], `${colorScheme} ${width}`);
        await page.close();
      }
      await context.close();
    }
  await chromium.close();
});
