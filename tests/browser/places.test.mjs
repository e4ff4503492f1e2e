// `upfront publish` against real servers: an S3 API, sshd with rsync, a git repository over ssh; and from a laptop when the
// git host is down.

import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { freePort, hasSsh, host, hostOf, s3, sshd } from "./servers.mjs";
import { binary, files } from "./site.mjs";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const ENV = { PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", S3_ACCESS_KEY: KEYS.accessKeyId, S3_SECRET_KEY: KEYS.secretAccessKey };

/** A small site whose incident was written this minute. */
function site(url, places) {
  const folder = mkdtempSync(join(tmpdir(), "upfront-places-"));
  const write = (path, text) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const at = new Date().toISOString().replace("T", " ").slice(0, 16);
  write("upfront.toml", `title = "Test"\nurl = "${url}"\ntime_zone = "UTC"\n[[component]]\nname = "IMAP"\n${places}`);
  write("incidents/logins-fail.md", `+++\ncomponents = ["imap"]\n+++\n## Investigating · ${at}\nLogins fail.\n`);
  return { folder, write };
}

/** Runs the program; the servers of this process must go on meanwhile. */
function run(folder, words, env = {}) {
  return new Promise((done) => {
    const child = spawn(binary, ["-C", folder, ...words.split(" ")], { env: { ...ENV, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const ran = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) child[stream].on("data", (text) => (ran[stream] += text));
    child.on("close", (status) => done({ status, ...ran, all: `status ${status}\n${ran.stdout}${ran.stderr}` }));
  });
}

const bucket = (url, secret = "S3_SECRET_KEY") =>
  `[[publish]]\nid = "cdn"\nkind = "s3"\nendpoint = "${url}"\nregion = "eu-north-1"\nbucket = "pages"\nprefix = "status"\n` +
  `access_key_env = "S3_ACCESS_KEY"\nsecret_key_env = "${secret}"\n`;

test("an S3 bucket gets what changed, signed, typed, in an order in which no reader meets half a site", async (t) => {
  const server = await s3("pages", KEYS);
  t.after(server.close);
  const readers = await host((path) => server.object(`status/${path}`));
  t.after(readers.close);
  const { folder, write } = site(readers.url, bucket(server.url));

  const first = await run(folder, "publish --build");
  assert.equal(first.status, 0, first.all);
  assert.match(first.stdout, /^cdn +\d+ new; served at http:\/\/127\.0\.0\.1:\d+\n1 update was seen live/);
  assert.match(readFileSync(join(folder, "history/receipts.ndjson"), "utf8"), /incidents\/logins-fail\/#u-20/);
  for (const path of files(join(folder, "public"))) {
    const object = await server.object(`status/${path}`);
    assert.equal(object.status, 200, path);
    assert.deepEqual(Buffer.from(await object.arrayBuffer()), readFileSync(join(folder, "public", path)), path);
  }
  const header = async (path, name) => (await server.object(`status/${path}`)).headers.get(name);
  const css = files(join(folder, "public")).find((path) => path.endsWith(".css"));
  for (const [path, type, cache] of [
    ["index.html", "text/html; charset=utf-8", "public, max-age=0, must-revalidate"],
    ["status.json", "application/json; charset=utf-8", "public, max-age=60"],
    ["calendar.ics", "text/calendar; charset=utf-8", "public, max-age=60"],
    ["feed.atom", "application/atom+xml; charset=utf-8", "public, max-age=60"],
    [css, "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
  ]) {
    assert.deepEqual([await header(path, "content-type"), await header(path, "cache-control")], [type, cache], path);
  }

  const puts = () => server.calls.filter((call) => call.startsWith("PUT ")).map((call) => call.slice("PUT status/".length));
  const [at, last] = [(path) => puts().indexOf(path), (begin) => puts().findLastIndex((path) => path.startsWith(begin))];
  assert.equal(puts()[0], ".upfront-sent");
  assert.ok(last("assets/") < at("incidents/logins-fail/index.html"), puts().join("\n"));
  assert.ok(at("incidents/logins-fail/index.html") < at("index.html"));
  assert.ok(at("index.html") < at("SHA256SUMS"));

  server.calls.length = 0;
  assert.match((await run(folder, "publish")).stdout, /^cdn +nothing changed; served/);
  assert.deepEqual(server.calls, ["GET status/.upfront-sent"]);

  // A bucket that is busy for a moment is asked again; what is gone goes last.
  server.calls.length = 0;
  server.stumbles = 3;
  rmSync(join(folder, "incidents/logins-fail.md"));
  write("incidents/pop-fails.md", "POP fails.");
  const second = await run(folder, "publish --build");
  assert.match(second.stdout, /^cdn +\d+ new, \d+ changed, \d+ removed; served/, second.all);
  const changed = puts();
  assert.ok(!changed.includes(css), "what stayed as it was is not sent again");
  const removal = server.calls.findIndex((call) => call.startsWith("DELETE"));
  assert.ok(removal > server.calls.indexOf("PUT status/index.html"), server.calls.join("\n"));
  assert.equal((await server.object("status/incidents/logins-fail/index.html")).status, 404);
});

test("a bucket that refuses is told, without its keys, and keeps no other place waiting", async (t) => {
  const server = await s3("pages", KEYS);
  t.after(server.close);
  const web = mkdtempSync(join(tmpdir(), "upfront-web-"));
  const readers = await hostOf(web);
  t.after(readers.close);
  const { folder } = site(readers.url, `[[publish]]\nid = "web"\nkind = "folder"\npath = "${web}"\n${bucket(server.url, "WRONG_KEY")}`);
  const ran = await run(folder, "publish --build", { WRONG_KEY: "not-the-secret" });
  assert.equal(ran.status, 1, ran.all);
  assert.match(ran.stdout, /web +\d+ new; served at/);
  assert.match(ran.stdout, /cdn +failed: it answers 403 SignatureDoesNotMatch/);
  assert.ok(!/not-the-secret|AKIDEXAMPLE|X-Amz/.test(ran.all), ran.all);
});

const skip = hasSsh ? false : "there is no sshd, or no rsync (.ci/run installs both)";

test("a host gets the site by rsync through ssh, and a stranger or an impostor gets nothing", { skip }, async (t) => {
  const server = await sshd();
  t.after(server.close);
  const web = join(mkdtempSync(join(tmpdir(), "upfront-web-")), "status");
  mkdirSync(web);
  const readers = await hostOf(web);
  t.after(readers.close);
  const place = (ssh) => `[[publish]]\nid = "web"\nkind = "rsync"\nto = "${server.user}@127.0.0.1:${web}"\nssh = "${ssh}"\n`;
  const served = () => files(web).filter((path) => path !== ".upfront-sent");

  for (const [other, why] of [
    [{ key: "stranger" }, /web +failed: .*Permission denied/],
    [{ known: "known-otherwise" }, /web +failed: .*[Hh]ost key/],
  ]) {
    const { folder } = site(readers.url, place(server.ssh(other)));
    const ran = await run(folder, "publish --build --no-wait");
    assert.equal(ran.status, 1, ran.all);
    assert.match(ran.stdout, why);
    assert.deepEqual(files(web), []);
  }

  const { folder, write } = site(readers.url, place(server.ssh()));
  const first = await run(folder, "publish --build");
  assert.equal(first.status, 0, first.all);
  assert.match(first.stdout, /^web +\d+ new; served at .*\n1 update was seen live/);
  assert.deepEqual(served(), files(join(folder, "public")));
  for (const path of served()) assert.deepEqual(readFileSync(join(web, path)), readFileSync(join(folder, "public", path)), path);

  writeFileSync(join(web, "CNAME"), "status.example");
  rmSync(join(folder, "incidents/logins-fail.md"));
  write("incidents/pop-fails.md", "POP fails.");
  const second = await run(folder, "publish --build");
  assert.match(second.stdout, /^web +\d+ new, \d+ changed, \d+ removed; served/, second.all);
  assert.ok(!existsSync(join(web, "incidents/logins-fail")) && existsSync(join(web, "CNAME")));
});

test("a branch is pushed through ssh", { skip }, async (t) => {
  const server = await sshd();
  t.after(server.close);
  const pages = join(mkdtempSync(join(tmpdir(), "upfront-pages-")), "pages.git");
  execFileSync("git", ["init", "-q", "--bare", pages]);
  const place = `[[publish]]\nid = "pages"\nkind = "git"\nremote = "ssh://${server.user}@127.0.0.1${pages}"\nbranch = "pages"\n`;
  const { folder } = site("https://status.example", place.replace("127.0.0.1", `127.0.0.1:${server.port}`));
  const ran = await run(folder, "publish --build --no-wait", { GIT_SSH_COMMAND: server.ssh() });
  assert.equal(ran.status, 0, ran.all);
  const listed = execFileSync("git", ["-C", pages, "ls-tree", "-r", "--name-only", "pages"], { encoding: "utf8" });
  assert.ok(listed.includes("incidents/logins-fail/index.html\n") && listed.includes(".nojekyll\n"), listed);
});

test("when the git host and CI are down, a laptop publishes and tells of it later", async (t) => {
  const web = mkdtempSync(join(tmpdir(), "upfront-web-"));
  const readers = await hostOf(web);
  t.after(readers.close);
  const { folder } = site(readers.url, `[[publish]]\nid = "web"\nkind = "folder"\npath = "${web}"\n`);
  const git = (...words) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Kari", "-c", "user.email=kari@fjordpost.example", ...words], { env: ENV, stdio: "pipe" });
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", `http://127.0.0.1:${await freePort()}/status.git`);
  git("add", "--all");
  git("commit", "-q", "-m", "Begin");
  assert.throws(() => git("push", "origin", "main"), "the git host is down");

  writeFileSync(join(folder, "incidents/pop-fails.md"), "POP fails as well. We are looking into it.\n");
  git("add", "--all");
  git("commit", "-q", "-m", "POP fails");
  const ran = await run(folder, "publish --build");
  assert.equal(ran.status, 0, ran.all);
  assert.match(await (await fetch(`${readers.url}/`)).text(), /POP fails as well/);
  assert.match(readFileSync(join(folder, "history/receipts.ndjson"), "utf8"), /incidents\/pop-fails\//);
});
