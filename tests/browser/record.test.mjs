// Every number that this repository's own site states about its response, against what files and git say by themselves.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { dayIn, median, read, response, workingDaysAfter } from "./evidence.mjs";
import { build, quiet, repository } from "./site.mjs";

const NOW = quiet.now;
const now = Date.parse(NOW);
const folder = build(repository, NOW);
const json = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));
/** What a reader sees of a page, with plain spaces. */
const seen = (path) =>
  readFileSync(join(folder, path), "utf8")
    .replace(/[\s\S]*<main id="main">/, "")
    .replace(/<footer[\s\S]*/, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replace(/[\s\u00a0]+/g, " ");

const site = read(repository);
const begun = site.incidents.filter((incident) => incident.started <= now);
const exact = begun.filter((incident) => incident.updates.every((update) => update.exact));
const record = json("response.json");
const told = new Map(record.incidents.map((incident) => [incident.id, incident]));
const seconds = (ms) => Math.floor(ms / 1000);
const minutes = (ms) => Math.floor(ms / 60_000);

/** A length as pages say it. */
function length(ms) {
  const [all, h] = [minutes(ms), Math.floor(minutes(ms) / 60)];
  if (all < 1) return "less than a minute";
  return all < 60 ? `${all} min` : all % 60 ? `${h} h ${all % 60} min` : `${h} h`;
}

test("every incident is in the record", () => {
  assert.deepEqual([...told.keys()].sort(), begun.map((incident) => incident.slug).sort());
  assert.ok(exact.length > 25, `${exact.length} incidents have a minute for each update`);
});

test("first words, silences and late updates are what receipts, commits and headings say", () => {
  for (const incident of exact) {
    const [page, own] = [told.get(incident.slug), response(site, incident, now)];
    assert.deepEqual(
      {
        posted: page.updates.map((update) => [Date.parse(update.at), update.by]),
        detected: page.detected && Date.parse(page.detected),
        firstAfter: page.first_word_s,
        silence: page.longest_silence?.length_s,
        from: page.longest_silence ? Date.parse(page.longest_silence.from) : undefined,
        late: [page.updates_late, page.updates_promised],
        gaps: page.gaps.map(({ length_s, promised }) => [length_s, Date.parse(promised)]),
        length: page.length_s,
      },
      {
        posted: incident.updates.map((update) => [update.posted, update.evidence]),
        detected: incident.detected ?? null,
        firstAfter: seconds(own.firstAfter),
        silence: own.longest && seconds(own.longest.length),
        from: own.longest?.update.posted,
        late: [own.late, own.promised],
        gaps: own.gaps.map(({ length, promised }) => [seconds(length), promised]),
        length: seconds(own.length),
      },
      incident.slug,
    );
  }
});

test("quarters are the medians and the worst of their incidents", () => {
  const quarter = (ms) => {
    const [year, month] = dayIn(ms, site.zone).split("-").map(Number);
    return `${year}-q${Math.ceil(month / 3)}`;
  };
  // Nobody wrote about these: they count with their whole length.
  const unposted = site.notices.filter((notice) => notice.published && !notice.covered_by && !notice.withdrawn);
  for (const period of record.periods.filter(({ period }) => period.includes("q"))) {
    const mine = begun.filter((incident) => quarter(incident.started) === period.period);
    if (mine.some((incident) => !exact.includes(incident))) continue;
    const all = mine.map((incident) => response(site, incident, now));
    const never = unposted.filter((notice) => quarter(Date.parse(notice.start)) === period.period);
    const words = [...all.map((own) => own.firstAfter), ...never.map((one) => Date.parse(one.end) - Date.parse(one.start))];
    const { first_word: first, silence } = period.all;
    assert.equal(first.of, words.length, period.period);
    assert.equal(first.median_s, Math.floor(median(words.map(seconds))), period.period);
    assert.equal(first.worst_s, seconds(Math.max(...words)), period.period);
    assert.equal(first.in_time, words.filter((ms) => minutes(ms) <= minutes(site.promise.firstWord)).length, period.period);
    assert.equal(silence.worst_s, Math.max(...all.flatMap((own) => (own.longest ? [seconds(own.longest.length)] : []))), period.period);
    assert.equal(period.all.updates_late, all.reduce((sum, own) => sum + own.late, 0), period.period);
    assert.equal(period.all.minutes, all.reduce((sum, own) => sum + minutes(own.length), 0), period.period);
  }
});

test("promises stand as their dates say, newest trouble first", () => {
  const today = dayIn(now, site.zone);
  const state = ({ due, done }) => (done ? (due && done > due ? "done_late" : "done") : due ? (due < today ? "overdue" : "due") : "open");
  const own = site.reports.flatMap(({ followUps }) => followUps).map(state);
  const page = json("promises.json");
  assert.deepEqual(page.promises.map(({ state }) => state).sort(), own.sort());
  const order = ["overdue", "due", "open", "done_late", "done", "dropped"];
  const ranks = page.promises.map(({ state }) => order.indexOf(state));
  assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b));
});

test("the bad Tuesday: noticed at once, a sentence after an hour, then silence until the evening", () => {
  const slug = "2026-03-24-mail-programs-cannot-log-in";
  const incident = exact.find((incident) => incident.slug === slug);
  const own = response(site, incident, now);
  const page = seen(`incidents/${slug}/index.html`);
  const clock = (ms) => new Date(ms).toLocaleTimeString("sv", { timeZone: site.zone, hour: "2-digit", minute: "2-digit" });
  assert.equal(clock(incident.detected), "11:02");
  assert.equal(clock(incident.updates[1].written), "18:40");
  const sentences = [
    `Detected ${clock(incident.detected)} CET`,
    `First word ${clock(own.firstWord)} CET after ${length(own.firstAfter)}; we promise 10 min`,
    `Longest silence ${length(own.longest.length)} from ${clock(own.longest.update.posted)} CET to ${clock(own.longest.to)} CET`,
    `Late updates ${own.late} of ${own.promised}`,
    `after ${length(own.length)}`,
    "Each update was posted no later than these times: then it was seen live.",
    "Published 30 March 2026 a day before it was due",
  ];
  for (const sentence of sentences) assert.ok(page.includes(sentence), `${sentence}\n${page.slice(0, 1500)}`);

  const report = site.reports.find(({ of }) => of === slug);
  const done = report.followUps.filter(({ done }) => done);
  const late = done.filter(({ due, done }) => done > due);
  const overdue = report.followUps.filter(({ due, done }) => !done && due < dayIn(now, site.zone));
  assert.deepEqual([late.length, overdue.length], [2, 1]);
  const rfo = seen(`rfo/${slug}/index.html`);
  const caption = `7 promises: ${done.length - late.length} done, 2 done late, 1 overdue, 1 due`;
  assert.ok(rfo.includes(caption), caption);
  // Accounts and whole minutes: 26 000 to 28 000 of them.
  const account = [26_000, 28_000].map((accounts) => (Math.floor((accounts * minutes(own.length)) / 100_000) / 10).toString());
  assert.ok(rfo.includes(`${account[0]} million to ${account[1]} million account-minutes`), rfo.slice(0, 900));
  // The post promised its report by a day of its own; the config's promise is as many working days after the end.
  assert.equal(told.get(slug).report_due, report.keys.rfo_due ?? "2026-03-31");
  assert.ok(workingDaysAfter(dayIn(incident.ended, site.zone), site.promise.rfoWorkingDays) >= "2026-03-31");
});
