// Builds sites with the real binary, serves them as a host would that reads `_headers`, and opens a browser.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export const binary =
  process.env.UPFRONT_BIN ??
  ["debug", "release"].map((kind) => join(repository, "target", kind, "upfront")).find(existsSync);

/** Builds the site in `source` as of `now` and answers the folder that it was written to. */
export function build(source, now) {
  const out = join(mkdtempSync(join(tmpdir(), "upfront-")), "site");
  execFileSync(binary, ["-C", source, "build", "--out", out, "--now", now], {
    env: { ...process.env, TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return out;
}

/** Every file below `folder`, as paths with `/`. */
export function files(folder, below = folder) {
  return readdirSync(below, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? files(folder, path) : [relative(folder, path).replaceAll("\\", "/")];
    })
    .sort();
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".atom": "application/atom+xml",
  ".rss": "application/rss+xml",
  ".ics": "text/calendar; charset=utf-8",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
};

/** The headers that `_headers` gives to a path: blocks of a pattern and indented `Name: value` lines. */
function headersFor(folder, path) {
  const headers = {};
  let applies = false;
  for (const line of readFileSync(join(folder, "_headers"), "utf8").split("\n")) {
    if (/^\S/.test(line) && !line.startsWith("#")) {
      const pattern = line.trim().replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll(":", "[^/]*");
      applies = new RegExp(`^${pattern}$`).test(path);
    } else if (applies && line.includes(":")) {
      const [name, ...value] = line.trim().split(":");
      headers[name.trim().toLowerCase()] = value.join(":").trim();
    }
  }
  return headers;
}

/** Serves `folder` on the loopback address; `folders` may be exchanged while it runs, as a deployment does. */
export async function serve(folder) {
  const site = { folder, requests: [] };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    site.requests.push(path);
    let file = join(site.folder, path);
    if (existsSync(file) && statSync(file).isDirectory()) {
      if (!path.endsWith("/")) return response.writeHead(301, { location: `${path}/` }).end();
      file = join(file, "index.html");
    }
    const found = existsSync(file);
    const body = readFileSync(found ? file : join(site.folder, "404.html"));
    response.writeHead(found ? 200 : 404, {
      "content-type": types[extname(found ? file : "404.html")] ?? "application/octet-stream",
      ...headersFor(site.folder, path),
    });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.close = () => new Promise((done) => server.close(done));
  return site;
}

/** Headless Chromium that talks to nobody but the loopback address. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The moments at which the sites are looked at: a quiet day here, an outage in the made-up one, and a notice where there are monitors. */
export const quiet = { name: "quiet", source: repository, now: "2026-11-24T12:00:00Z" };
export const outage = { name: "outage", source: join(repository, "tests/sites/outage"), now: "2022-03-29T12:18:00Z" };

export const watched = { name: "watched", source: join(repository, "tests/sites/watched"), now: "2026-03-10T10:20:00Z" };
export const all = [quiet, outage, watched];

/** One page of every kind that a built site has, by its path. */
export function pagesOfEveryKind(folder) {
  const kinds = [
    /^index\.html$/,
    /^404\.html$/,
    /^incidents\/[^/]+\/index\.html$/,
    /^maintenance\/index\.html$/,
    /^history\/index\.html$/,
    /^history\/\d{4}-\d{2}\/index\.html$/,
    /^rfo\/index\.html$/,
    /^rfo\/\d{4}\/index\.html$/,
    /^rfo\/(?!\d{4}\/)[^/]+\/index\.html$/,
    /^components\/[^/]+\/index\.html$/,
    /^groups\/[^/]+\/index\.html$/,
    /^subscribe\/index\.html$/,
    /^uptime\/index\.html$/,
    /^response\/index\.html$/,
    /^response\/\d{4}-q\d\/index\.html$/,
    /^promises\/index\.html$/,
  ];
  const all = files(folder).filter((file) => file.endsWith(".html"));
  const largest = (a, b) => statSync(join(folder, b)).size - statSync(join(folder, a)).size;
  return kinds.flatMap((kind) => all.filter((file) => kind.test(file)).sort(largest).slice(0, 1));
}

/** Every incident page, for what must hold of all of them; not what stands at the addresses that they had before. */
export function incidentPages(folder) {
  return files(folder).filter((file) => /^incidents\/[^/]+\/index\.html$/.test(file) && !leadsOn(folder, file));
}

/** Whether a page is there only to lead on to where something moved. */
export function leadsOn(folder, page) {
  return readFileSync(join(folder, page), "utf8").includes('http-equiv="refresh"');
}

/** The address of a page on a server: folders without `index.html`. */
export function address(site, page) {
  return `${site.url}/${page.replace(/(^|\/)index\.html$/, "$1")}`;
}
