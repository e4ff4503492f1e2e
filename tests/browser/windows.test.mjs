// Thirteen incidents of a large code host in 2026, with the windows in which it was down by its own account: their times and
// states only (windows.json, from the public archive mrshu/github-statuses). Two windows lie half a year before their
// incident: whoever wrote them meant another month, and no post covers them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { binary, build } from "./site.mjs";

const MINUTE = 60_000;
const NOW = "2026-08-25T00:00:00Z";
/** How long an outage is watched before it is believed, as the site's config says. */
const DETECT_AFTER = 3 * MINUTE;
/** An incident may be written about so long after the outage is over. */
const AFTERWARDS = 30 * MINUTE;
/** With 30 minutes promised, an incident that nobody wrote about for so long covers nothing new. */
const FRESH = 6 * 60 * MINUTE;

const facts = JSON.parse(readFileSync(new URL("windows.json", import.meta.url), "utf8")).map(({ window, updates, ...rest }) => ({
  ...rest,
  window: window.map(Date.parse),
  updates: updates.map(([at, status]) => ({ at: Date.parse(at), status })),
}));
const iso = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");

/** A site with a component and a monitor for each of them, recorded as the windows went by. */
function site() {
  const root = mkdtempSync(join(tmpdir(), "upfront-windows-"));
  mkdirSync(join(root, "incidents"));
  const components = facts.map(({ id }) => `[[component]]\nid = "c${id}"\nname = "C${id}"\nmonitors = ["own:c${id}"]\n`);
  writeFileSync(
    join(root, "upfront.toml"),
    `title = "T"\nurl = "https://status.example"\n[promise]\nnext_update = "30m"\nfirst_post = "10m"\n` +
      `[detection]\ndetect_after = "3m"\n[[feed]]\nid = "own"\nfile = "feed.json"\n${components.join("")}`,
  );
  for (const { window, id } of facts.toSorted((a, b) => a.window[0] - b.window[0])) {
    const [from, to] = window.map(iso);
    const later = iso(window[1] + 60 * MINUTE);
    const span = { monitor: `c${id}`, from, to, status: "down" };
    writeFileSync(join(root, "feed.json"), JSON.stringify({ version: 1, generated: later, results: [], spans: [span] }));
    execFileSync(binary, ["-C", root, "record", "--quiet", "--now", later], { stdio: ["ignore", "ignore", "inherit"] });
  }
  for (const { id, impact, updates } of facts) {
    const word = (status) => status[0].toUpperCase() + status.slice(1);
    const text = updates.map(({ at, status }) => `## ${word(status)} · ${iso(at)}\nWe know of it.\n`);
    writeFileSync(join(root, "incidents", `${iso(updates[0].at).slice(0, 10)}-${id}.md`), `+++\nimpact = "${impact}"\ncomponents = ["c${id}"]\n+++\n\n${text.join("\n")}`);
  }
  return root;
}

/** Whether the incident is about its window, by the times alone. */
function covers({ window: [from, to], updates }) {
  const [first, end] = [updates[0].at, updates.at(-1).at];
  if (first >= from && first <= to + AFTERWARDS) return true;
  const last = updates.findLast(({ at }) => at <= from)?.at;
  return last !== undefined && from < end && from - last <= FRESH;
}

test("coverage, first words and silences of thirteen real incidents", () => {
  const record = JSON.parse(readFileSync(join(build(site(), NOW), "response.json"), "utf8"));
  const told = new Map(record.incidents.map((incident) => [incident.id.slice(11), incident]));
  assert.equal(told.size, 13);
  for (const fact of facts) {
    const page = told.get(fact.id);
    const { updates, window } = fact;
    const detected = covers(fact) ? window[0] + DETECT_AFTER : undefined;
    // Who writes before the checks are sure has not kept anybody waiting.
    const waited = detected === undefined ? 0 : Math.max(0, updates[0].at - detected);
    const gaps = updates.slice(1).map(({ at }, index) => at - updates[index].at);
    assert.deepEqual(
      {
        detected: page.detected && Date.parse(page.detected),
        waited: page.first_word_s * 1000,
        silence: page.longest_silence.length_s * 1000,
        late: page.updates_late,
        of: page.updates_promised,
        length: page.length_s * 1000,
        by: [...new Set(page.updates.map(({ by }) => by))],
      },
      {
        detected: detected ?? null,
        waited,
        silence: Math.max(...gaps),
        late: gaps.filter((gap) => gap > 30 * MINUTE).length,
        of: gaps.length,
        length: updates.at(-1).at - updates[0].at,
        by: ["written"],
      },
      fact.id,
    );
  }
  const never = facts.filter((fact) => !covers(fact));
  assert.equal(never.length, 2);
  const unposted = record.periods.filter(({ period }) => period.includes("q")).flatMap(({ all }) => all.unposted);
  assert.deepEqual(unposted.sort(), never.map(({ id }) => `2026-02-18-0502-c${id}`).sort());
});
