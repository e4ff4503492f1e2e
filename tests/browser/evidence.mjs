// What the pages should say of how people answered, worked out from a site's files and git alone. Shares no code and no
// structure with the program: it reads headings with regular expressions and sorts lists of minutes.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The millisecond at which the clocks of `zone` show that time. */
function inZone(text, zone) {
  const [, day, clock, offset] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)\s*(Z|[+-]\d\d:\d\d)?$/.exec(text.trim()) ?? [];
  if (!day) return undefined;
  if (offset) return Date.parse(`${day}T${clock}${offset}`);
  const asUtc = Date.parse(`${day}T${clock}Z`);
  const shown = (at) => Date.parse(`${new Date(at).toLocaleString("sv", { timeZone: zone }).replace(" ", "T")}Z`);
  return asUtc - (shown(asUtc) - asUtc);
}

/** The day on which `at` falls in `zone`. */
export const dayIn = (at, zone) => new Date(at).toLocaleDateString("sv", { timeZone: zone });

const lines = (file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : []);

function frontMatter(text) {
  const [, , head = "", body = text] = /^(\+\+\+|---)\n([\s\S]*?)\n\1\n([\s\S]*)$/.exec(text) ?? [];
  // TOML has a table for each, YAML a list of them.
  const [top, ...tables] = head.replace(/^follow_up:\n/m, "").split(/^(?:\[\[follow_up\]\]$|  - (?=what: ))/m);
  const keys = (part) => Object.fromEntries([...part.matchAll(/^(?: {4})?(\w+)(?: =|:) ?(.*(?:\n  - .*)*)$/gm)].map(([, key, value]) => [key, plain(value)]));
  return { keys: keys(top), followUps: tables.map(keys), body };
}

function plain(value) {
  if (value.startsWith("[")) return value.slice(1, -1).split(",").map((word) => plain(word.trim()));
  if (value.startsWith("\n  - ")) return value.slice(5).split("\n  - ");
  return value.startsWith('"') ? value.slice(1, -1) : value;
}

/** When a heading of that text was first committed, whatever was done to its file since; `undefined` where it is not. */
function committed(root, file) {
  const git = (...args) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  try {
    const log = git("log", "--follow", "--reverse", "--format=%x01%ct", "-p", "-U0", "--", file);
    const commits = log.split("\u0001").slice(1);
    const first = new Map();
    for (const [index, commit] of commits.entries()) {
      for (const [, heading] of commit.matchAll(/^\+## (.*)$/gm)) {
        const key = heading.replace(/\s*\{.*/, "").trim();
        if (!first.has(key)) first.set(key, { at: Number(commit.split("\n", 1)[0]) * 1000, withFile: index === 0 });
      }
    }
    return first;
  } catch {
    return new Map();
  }
}

/** Everything of a site that the record is made of. */
export function read(root) {
  const config = readFileSync(join(root, "upfront.toml"), "utf8");
  const zone = /^time_zone = "(.*)"$/m.exec(config)[1];
  const promised = (key) => /^(\d+)/.exec(new RegExp(`^${key} = "(.*)"$`, "m").exec(config)?.[1] ?? "")?.[1];
  const receipts = new Map();
  for (const { at, live } of lines(join(root, "history/receipts.ndjson"))) {
    for (const address of live) receipts.set(address, Math.min(Date.parse(at), receipts.get(address) ?? Infinity));
  }
  const notices = new Map();
  for (const notice of lines(join(root, "history/notices.ndjson"))) {
    if ((notices.get(notice.id)?.rev ?? -1) < notice.rev) notices.set(notice.id, notice);
  }
  const posts = readdirSync(join(root, "incidents"), { recursive: true }).filter((path) => path.endsWith(".md"));
  const site = { root, zone, accounts: Number(/^accounts = (\d+)$/m.exec(config)?.[1]), notices: [...notices.values()], incidents: [], reports: [] };
  site.promise = { firstWord: promised("first_post") * MINUTE, nextUpdate: promised("next_update") * MINUTE, rfoWorkingDays: Number(promised("rfo")) };
  for (const path of posts.sort()) {
    const { keys, followUps, body } = frontMatter(readFileSync(join(root, "incidents", path), "utf8"));
    const isFolder = /\/(index|rfo)\.md$/.test(path);
    const slug = isFolder ? basename(join(path, "..")) : basename(path, ".md");
    if (path.endsWith("/rfo.md") || keys.rfo_for) {
      site.reports.push({ of: keys.rfo_for ?? slug, keys, followUps, body });
    } else if (!keys.kind || keys.kind === "incident") {
      site.incidents.push(incident(site, receipts, { slug, path, keys, body }));
    }
  }
  return site;
}

const zones = { Z: "Z", EST: "-05:00", CET: "+01:00", CEST: "+02:00" };

const endings = /^resolved/i;

function incident(site, receipts, { slug, path, keys, body }) {
  const git = committed(site.root, join("incidents", path));
  const headings = [...body.matchAll(/^## (Investigating|Identified|Monitoring|Resolved)(.*?)\s*(?:\{(.*)\})?\s*$/gm)];
  let day = dayIn(Date.parse(`${slug.slice(0, 10)}T12:00Z`), site.zone);
  const updates = headings.map(([, status, text, attributes = ""]) => {
    const [, named, clock, zone] = /(\d{4}-\d\d-\d\d)?[ T]*(\d\d:\d\d)?\s*([A-Z]+)?$/.exec(text);
    day = named ?? day;
    // Of an update without any time only the day is known, and no length is taken from it.
    const written = clock ? inZone(`${day} ${clock}${zones[zone] ?? ""}`, site.zone) : inZone(`${day} 12:00`, site.zone);
    const stamp = new Date(written).toISOString();
    const id = `${stamp.slice(0, 10).replaceAll("-", "")}-${stamp.slice(11, 16).replace(":", "")}-${status.toLowerCase()}`;
    const receipt = receipts.get(`incidents/${slug}/#u-${id}`);
    const commit = git.get(`${status}${text}`);
    const movedIn = commit?.withFile && commit.at - written > 7 * DAY;
    const evidence = receipt ? "receipt" : commit && !movedIn ? "commit" : "written";
    const seen = receipt ?? (evidence === "commit" ? commit.at : written);
    const next = /\bnext=(\S+)/.exec(attributes)?.[1];
    return { id, status, exact: clock !== undefined, written, evidence, posted: Math.max(written, seen), next: next && nextAt(written, next, site.zone), attributes };
  });
  updates.sort((a, b) => a.posted - b.posted);
  const detections = site.notices.filter((notice) => notice.covered_by === slug);
  const started = keys.started ? inZone(keys.started, site.zone) : updates[0].written;
  const open = !endings.test(updates.at(-1).status);
  const ended = open ? undefined : updates.findLast((update, index) => !endings.test(updates[index - 1]?.status ?? "")).written;
  return { slug, keys, updates, started, open, ended, detected: detections.map(({ detected }) => Date.parse(detected)).sort()[0], components: keys.components ?? [] };
}

/** `19:30`: the next time after `written` at which the clocks show that. */
function nextAt(written, text, zone) {
  if (!/^\d\d:\d\d$/.test(text)) return inZone(text, zone);
  const at = inZone(`${dayIn(written, zone)} ${text}`, zone);
  return at >= written ? at : inZone(`${dayIn(written + DAY, zone)} ${text}`, zone);
}

/** What one incident's page says, as of `now`. */
export function response(site, incident, now) {
  const { updates } = incident;
  const first = updates[0].posted;
  const from = Math.min(incident.detected ?? incident.started, first);
  const gaps = updates.map((update, index) => ({ update, to: updates[index + 1]?.posted })).filter(({ update }) => !endings.test(update.status));
  for (const gap of gaps) {
    gap.length = (gap.to ?? now) - gap.update.posted;
    // The front matter holds the promise of the newest update before the end.
    const kept = gap === gaps.at(-1) && incident.keys.next_update ? inZone(incident.keys.next_update, site.zone) : 0;
    gap.promised = gap.update.next ?? (kept > gap.update.posted ? kept : undefined) ?? gap.update.posted + site.promise.nextUpdate;
    const late = Math.floor((gap.to ?? now) / MINUTE) - Math.floor(gap.promised / MINUTE);
    gap.late = late > 0 ? late : 0;
    gap.due = gap.to !== undefined || gap.late > 0;
  }
  const longest = gaps.reduce((a, b) => (a && a.length >= b.length ? a : b), undefined);
  return {
    firstWord: first,
    firstAfter: first - from,
    gaps,
    longest,
    late: gaps.filter((gap) => gap.due && gap.late).length,
    promised: gaps.filter((gap) => gap.due).length,
    length: (incident.ended ?? now) - incident.started,
  };
}

/** The day by which a report was owed: so many working days after the end. */
export function workingDaysAfter(day, count) {
  const date = new Date(`${day}T00:00Z`);
  while (count > 0) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (date.getUTCDay() % 6 !== 0) count -= 1;
  }
  return date.toISOString().slice(0, 10);
}

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
