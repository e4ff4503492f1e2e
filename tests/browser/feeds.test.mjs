// Feed readers and calendars read what we publish: feedparser, two calendar parsers, and the rules of the formats.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";

import ICAL from "ical.js";

import { build, files, outage, quiet, repository } from "./site.mjs";

const sites = [];
before(() => {
  for (const { name, source, now } of [quiet, outage]) sites.push({ name, folder: build(source, now) });
});

const python = process.env.UPFRONT_PYTHON ?? join(repository, "tests/browser/.venv/bin/python");

test("feedparser, a strict calendar parser and the formats' own rules find nothing wrong", () => {
  for (const { name, folder } of sites) {
    const said = execFileSync(python, [join(repository, "tests/browser/feeds.py"), folder], { encoding: "utf8" });
    assert.match(said, /^\d+ feeds and \d+ calendars are well\n$/, name);
  }
});

test("ical.js reads every calendar, strictly", () => {
  for (const { name, folder } of sites) {
    const calendars = files(folder).filter((file) => file.endsWith(".ics"));
    assert.ok(calendars.length > 0, name);
    let events = 0;
    for (const file of calendars) {
      const text = readFileSync(join(folder, file), "utf8");
      const calendar = new ICAL.Component(ICAL.parse(text));
      for (const event of calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component, { strictExceptions: true }))) {
        assert.ok(event.uid && event.summary, `${name} ${file}`);
        if (event.component.hasProperty("dtend")) assert.ok(event.endDate.compare(event.startDate) > 0, `${name} ${file}: ${event.summary}`);
        events += 1;
      }
    }
    assert.ok(events > 0, `${name}: no event`);
  }
});

test("every JSON file parses, and the JSON feeds have what version 1.1 asks for", () => {
  for (const { name, folder } of sites) {
    for (const file of files(folder).filter((path) => path.endsWith(".json"))) {
      const value = JSON.parse(readFileSync(join(folder, file), "utf8"));
      if (!file.endsWith("feed.json")) continue;
      assert.equal(value.version, "https://jsonfeed.org/version/1.1", `${name} ${file}`);
      assert.ok(value.title && value.home_page_url && value.feed_url, `${name} ${file}`);
      const ids = value.items.map((item) => item.id);
      assert.equal(new Set(ids).size, ids.length, `${name} ${file}: ids`);
      for (const item of value.items) {
        assert.ok(item.id && item.url && (item.content_html || item.content_text), `${name} ${file}: ${item.id}`);
        assert.match(item.date_published, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
      }
    }
  }
});
