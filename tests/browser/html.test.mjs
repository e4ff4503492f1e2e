// Two validators find nothing wrong with any page; every link and anchor inside the site leads somewhere; the budgets hold.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

import { all, build, files, pagesOfEveryKind, serve } from "./site.mjs";

const sites = [];
before(() => {
  for (const { name, source, now } of all) sites.push({ name, folder: build(source, now) });
});

const html = (folder) => files(folder).filter((file) => file.endsWith(".html"));

test("html-validate finds nothing", async () => {
  const loader = new FileSystemConfigLoader({ root: true, extends: ["html-validate:standard", "html-validate:a11y"] });
  const validator = new HtmlValidate(loader);
  for (const { name, folder } of sites) {
    for (const page of html(folder)) {
      const report = await validator.validateString(readFileSync(join(folder, page), "utf8"), page);
      const found = report.results.flatMap((result) => result.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
      assert.deepEqual(found, [], `${name} ${page}`);
    }
  }
});

test("the Nu checker finds nothing", async () => {
  const vnu = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  // Pages over HTTP, for of a file it says that the policy's 'self' blocks the page's own style sheet.
  const java = ["-Xss2m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", vnu, "--format", "gnu", "--also-check-css", "--also-check-svg"];
  // Container queries (CSS Conditional Rules 5) are in every browser, and the checker does not know them yet.
  const unknown = /CSS: (“container-type”: Property “container-type” doesn't exist|Unrecognized at-rule “@container”)\.?$/;
  for (const { name, folder } of sites) {
    const site = await serve(folder);
    const pages = html(folder).map((page) => `${site.url}/${page}`);
    const others = files(folder).filter((file) => /\.(css|svg)$/.test(file)).map((file) => join(folder, file));
    const { stderr, stdout } = await promisify(execFile)("java", [...java, ...pages, ...others], { maxBuffer: 1e8 }).catch((error) => error);
    await site.close();
    const found = `${stdout}${stderr}`.split("\n").filter((line) => line && !unknown.test(line));
    assert.deepEqual(found, [], name);
    assert.ok(pages.every((page) => site.requests.includes(new URL(page).pathname)), `${name}: every page was read`);
  }
});

test("every link and anchor inside the site leads somewhere", () => {
  for (const { name, folder } of sites) {
    const ids = new Map();
    const idsOf = (page) => {
      if (!ids.has(page)) ids.set(page, new Set([...readFileSync(join(folder, page), "utf8").matchAll(/\sid="([^"]+)"/g)].map((m) => m[1])));
      return ids.get(page);
    };
    let seen = 0;
    for (const page of html(folder)) {
      for (const [, raw] of readFileSync(join(folder, page), "utf8").matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        const link = raw.replaceAll("&amp;", "&");
        if (/^(https?|mailto|webcal):/.test(link)) continue;
        assert.doesNotMatch(link, /^[a-z]+:|^\/\//i, `${name} ${page}: ${link}`);
        const [path, anchor] = link.split("#");
        let target = path === "" ? page : path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(page), decodeURIComponent(path));
        if (target === "" || target === "." || target.endsWith("/") || (existsSync(join(folder, target)) && statSync(join(folder, target)).isDirectory())) {
          target = posix.join(target, "index.html");
        }
        assert.ok(existsSync(join(folder, target)), `${name} ${page} links to ${link}, which is not there`);
        if (anchor) assert.ok(idsOf(target).has(decodeURIComponent(anchor)), `${name} ${page}: no #${anchor} in ${target}`);
        seen += 1;
      }
    }
    assert.ok(seen > 100, `${name}: only ${seen} links were seen`);
  }
});

test("a page needs two requests and 14 kB before it is painted", () => {
  for (const { name, folder } of sites) {
    for (const page of pagesOfEveryKind(folder)) {
      const text = readFileSync(join(folder, page), "utf8");
      const sheets = [...text.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((m) => m[1]);
      assert.equal(sheets.length, 1, `${name} ${page}: style sheets`);
      const sheet = readFileSync(join(folder, sheets[0].replace(/^.*\/?assets\//, "assets/")));
      const bytes = gzipSync(text, { level: 6 }).length + gzipSync(sheet, { level: 6 }).length;
      assert.ok(bytes <= 14_000, `${name} ${page}: ${bytes} bytes compressed`);
      for (const [script] of text.matchAll(/<script[^>]*>/g)) assert.match(script, /\ssrc="[^"]+"/, "no inline script");
      for (const [script] of text.matchAll(/<script[^>]*>/g)) assert.match(script, /\sdefer/, "no script before the paint");
      assert.doesNotMatch(text, /\sstyle="|<style/, `${name} ${page}: inline style`);
    }
  }
});

test("no page asks anybody but the site itself", () => {
  for (const { name, folder } of sites) {
    for (const page of html(folder)) {
      for (const [tag] of readFileSync(join(folder, page), "utf8").matchAll(/<(?:script|img|iframe|source|video|audio|object|embed)\b[^>]*>/g)) {
        assert.doesNotMatch(tag, /(?:src|srcset|data)="(?:[a-z]+:|\/\/)/i, `${name} ${page}: ${tag}`);
      }
    }
  }
});
