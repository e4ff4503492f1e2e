// A whole outage of a made-up provider with the real binary and real parts: monitoring, an S3 API and its host, a mirror, mail,
// a webhook's receiver, and APIs as strict as their documents. Then everything of the provider is gone; then the loop is killed
// at thirty moments.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { SMTPServer } from "smtp-server";

import { freePort, host, hostOf, s3 } from "./servers.mjs";
import { secrets, shapes } from "./shapes.mjs";
import { binary } from "./site.mjs";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const HOOK_SECRET = "hook-s3cret";
const ENV = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  S3_ACCESS_KEY: KEYS.accessKeyId,
  S3_SECRET_KEY: KEYS.secretAccessKey,
  TOKEN: secrets.token,
  PASSWORD: secrets.password,
  MAIL_PASSWORD: "mail-s3cret",
  HOOK_SECRET,
};

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, is, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await is();
    if (answer) return answer;
    if (Date.now() > end) assert.fail(`${what} never came`);
    await pause(50);
  }
}

/** A mail server that wants a password, on a port that stays the same when it comes back. */
async function mail() {
  const port = await freePort();
  const took = [];
  let server;
  const open = () =>
    new Promise((done) => {
      server = new SMTPServer({
        secure: false,
        disabledCommands: ["STARTTLS"],
        allowInsecureAuth: true,
        onAuth: ({ username, password }, _session, answer) =>
          answer(username === "status" && password === ENV.MAIL_PASSWORD ? null : new Error("no"), { user: username }),
        onData(stream, session, answer) {
          let text = "";
          stream.on("data", (chunk) => (text += chunk));
          stream.on("end", () => {
            took.push({ text, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address) });
            answer(null, "taken");
          });
        },
      });
      // Whoever is killed leaves us in the middle of a word.
      server.on("error", () => {});
      server.listen(port, "127.0.0.1", done);
    });
  await open();
  return { port, took, open, close: () => new Promise((done) => server.close(done)) };
}

/** Takes what is signed with our secret, and nothing twice under one key. */
async function hook() {
  const took = new Map();
  const wrong = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const [, at, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(request.headers["x-upfront-signature"] ?? "") ?? [];
    const right = createHmac("sha256", HOOK_SECRET).update(`${at}.`).update(body).digest("hex");
    if (signature !== right || Math.abs(Date.now() / 1000 - at) > 60) wrong.push(`signature ${signature}`);
    took.set(request.headers["idempotency-key"], JSON.parse(body));
    response.writeHead(204).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => (server.closeAllConnections(), new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${server.address().port}/`, took, wrong, close };
}

/** What the provider's monitors say, from somewhere else. `state.down` since when. */
async function monitoring() {
  const state = { down: undefined, silent: false };
  const server = createServer((_request, response) => {
    const now = Date.now();
    const results = [];
    for (let at = now - 10 * 60_000; at <= now; at += 5_000) {
      const moment = Math.floor(at / 5_000) * 5_000;
      const status = state.down !== undefined && moment >= state.down ? "down" : "up";
      results.push({ monitor: "imap", at: new Date(moment).toISOString(), status });
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ version: 1, generated: new Date(now).toISOString(), results }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => (server.closeAllConnections(), new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${server.address().port}/feed.json`, state, close };
}

/** All the parts, and a site that uses them. */
async function world() {
  const [smtp, receiver, monitors, vendors, bucket] = await Promise.all([mail(), hook(), monitoring(), shapes(), s3("status", KEYS)]);
  const root = mkdtempSync(join(tmpdir(), "upfront-outage-"));
  const folder = join(root, "mirror");
  mkdirSync(join(root, "site", "incidents"), { recursive: true });
  mkdirSync(folder);
  const page = await host(async (path) => {
    const answer = await bucket.object(path);
    return answer.ok ? answer : undefined;
  });
  const mirror = await hostOf(folder);
  const config = `
title = "Fjordpost status"
url = "${page.url}"
time_zone = "UTC"
show_deliveries = true
[[component]]
id = "imap"
name = "IMAP"
[detection]
detect_after = "15s"
group_wait = "5s"
locations = 1
[[feed]]
id = "own"
url = "${monitors.url}"
[[publish]]
id = "s3"
kind = "s3"
endpoint = "${bucket.url}"
region = "eu-north-1"
bucket = "status"
path_style = true
access_key_env = "S3_ACCESS_KEY"
secret_key_env = "S3_SECRET_KEY"
[[publish]]
id = "mirror"
kind = "folder"
path = "../mirror"
url = "${mirror.url}"
[[mirror]]
url = "${mirror.url}"
[[channel]]
id = "mail"
kind = "email"
host = "127.0.0.1"
port = ${smtp.port}
tls = "none"
user = "status"
password_env = "MAIL_PASSWORD"
from = "Fjordpost status <status@fjordpost.example>"
to = "news@lists.fjordpost.example"
timeout = "5s"
[[channel]]
id = "hook"
kind = "webhook"
url = "${receiver.url}"
secret_env = "HOOK_SECRET"
[[channel]]
id = "fediverse"
kind = "mastodon"
url = "${vendors.url}"
token_env = "TOKEN"
[[channel]]
id = "room"
kind = "matrix"
url = "${vendors.url}"
room = "!abc:matrix.example"
token_env = "TOKEN"
`;
  writeFileSync(join(root, "site", "upfront.toml"), config);
  const at = (path) => join(root, "site", path);
  const lines = (path) => (existsSync(at(path)) ? readFileSync(at(path), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line)) : []);
  const read = async (from, path = "") => (await fetch(`${from.url}/${path}`)).text();
  const write = (name, words, stage = "Investigating") => {
    const now = new Date().toISOString().slice(0, 16).replace("T", " ");
    writeFileSync(at(`incidents/${name}.md`), `+++\ncomponents = ["imap"]\n+++\n## ${stage} · ${now}\n${words}\n`);
  };
  const start = (words) => {
    const child = spawn(binary, ["-C", at("."), "run", ...words.split(" ")], { env: ENV, stdio: ["ignore", "ignore", "pipe"] });
    const running = { child, said: "" };
    child.stderr.on("data", (text) => (running.said += text));
    running.ended = new Promise((done) => child.on("close", (status, signal) => done(status ?? signal)));
    running.stop = () => (child.kill("SIGTERM"), running.ended);
    return running;
  };
  const close = async () => {
    await Promise.all([page.close(), mirror.close(), receiver.close(), vendors.close(), bucket.close(), smtp.close().catch(() => {})]);
    rmSync(root, { recursive: true, force: true });
  };
  return { smtp, receiver, monitors, vendors, bucket, page, mirror, at, lines, read, write, start, close };
}

test("an outage reaches the page, its mirror and each channel once, and they go on when the provider is gone", async () => {
  const it = await world();
  const running = it.start("--every 2s");
  try {
    await until("the page", async () => (await fetch(`${it.page.url}/`)).ok && (await fetch(`${it.mirror.url}/`)).ok);
    it.monitors.state.down = Date.now();
    const news = await until("the notice", async () => (await it.read(it.page)).includes("our checks fail") && Date.now());
    const [detection] = it.lines("history/notices.ndjson");
    const confirmed = Date.parse(detection.detected ?? detection.at);
    console.log(`  page live ${((news - confirmed) / 1000).toFixed(1)} s after the detection was confirmed`);
    assert.ok(news - confirmed < 90_000, `${news - confirmed} ms`);
    await until("the mirror", async () => (await it.read(it.mirror)).includes("our checks fail"));

    const told = () => [it.smtp.took.length, it.receiver.took.size, it.vendors.messages("mastodon").length, it.vendors.messages("matrix").length];
    await until("each channel", () => told().every((n) => n === 1), 20);
    assert.match(it.smtp.took[0].text, /^Subject: .*IMAP: our checks fail/m);
    assert.deepEqual(it.smtp.took[0].to, ["news@lists.fjordpost.example"]);
    assert.match([...it.receiver.took.values()][0].link, new RegExp(`^${it.page.url}/incidents/`));
    const receipts = await until("receipts", () => it.lines("history/receipts.ndjson").length === 2 && it.lines("history/receipts.ndjson"));
    assert.deepEqual(receipts.map(({ url }) => url), [it.page.url, it.mirror.url]);
    for (const { at } of receipts) assert.ok(Math.abs(Date.parse(at) - news) < 5000, "when it was seen");

    // A person is faster than any period.
    it.write("logins-fail", "We are looking into it.");
    await until("the first word", () => told().every((n) => n === 2), 20);

    // The provider is gone with everything it has: its mail, its monitoring.
    await it.smtp.close();
    await it.monitors.close();
    it.write("still-down", "Our data centre has no power. This page is somewhere else.");
    await until("the page", async () => (await it.read(it.page)).includes("no power"), 20);
    await until("its mirror", async () => (await it.read(it.mirror)).includes("no power"), 20);
    await until("channels", () => it.receiver.took.size === 3 && it.vendors.messages("mastodon").length === 3, 20);
    assert.equal(it.smtp.took.length, 2);

    // Mail is back: what it missed comes once.
    await it.smtp.open();
    await until("the missed mail", () => it.smtp.took.length === 3, 90);
    await pause(3000);
    assert.deepEqual(told(), [3, 3, 3, 3]);
    assert.deepEqual([...it.receiver.wrong, ...it.vendors.wrong], []);
    const ledger = it.lines("history/deliveries.ndjson");
    assert.equal(ledger.filter(({ state }) => state === "sent").length, 12);
    await until("the record on the page", async () => (await it.read(it.page, "incidents/still-down/")).includes("Announced: "), 20);
    assert.equal(await running.stop(), 0, running.said);
  } finally {
    running.child.kill("SIGKILL");
    await it.close();
  }
});

test("killed at thirty moments nothing is lost, and nothing is sent twice where a key is known", async () => {
  const it = await world();
  try {
    // The same moments each time, spread over the first second of a round.
    let seed = 20261125;
    const dice = (n) => (seed = (seed * 48271) % 0x7fffffff) % n;
    for (let round = 0; round < 30; round++) {
      if (round % 3 === 0) it.write(`number-${round}`, `Logins number ${round} fail.`);
      const running = it.start("--every 1s");
      await pause(20 + dice(900));
      running.child.kill("SIGKILL");
      await running.ended;
    }
    const running = it.start(`--every 1s --health ${it.at("health.json")}`);
    const news = [...Array(10).keys()].map((n) => `number-${3 * n}/`);
    const ended = (channel, name) =>
      it.lines("history/deliveries.ndjson").some((line) => line.channel === channel && line.news.includes(name) && ["sent", "unsure"].includes(line.state));
    const channels = ["mail", "hook", "fediverse", "room"];
    await until("all", () => channels.every((channel) => news.every((name) => ended(channel, name))), 120);
    // Before its first round is over it may not listen yet.
    await until("a round", () => existsSync(it.at("health.json")));
    assert.equal(await running.stop(), 0, running.said);
    const texts = {
      hook: [...it.receiver.took.values()].map((facts) => JSON.stringify(facts)),
      fediverse: it.vendors.messages("mastodon").map(({ text }) => text),
      room: it.vendors.messages("matrix").map(({ text }) => text),
      mail: it.smtp.took.map(({ text }) => text),
    };
    const ledger = it.lines("history/deliveries.ndjson");
    for (const name of news) {
      const words = `Logins number ${name.slice(7, -1)} fail`;
      const count = (channel) => texts[channel].filter((text) => text.includes(words)).length;
      for (const channel of ["hook", "fediverse", "room"]) assert.equal(count(channel), 1, `${channel}: ${words}`);
      // Mail knows no keys: once, or told as unsure.
      const unsure = ledger.some((line) => line.channel === "mail" && line.news.includes(name) && line.state === "unsure");
      assert.ok(count("mail") === 1 || (count("mail") === 0 && unsure), `mail: ${words}: ${count("mail")} times, unsure: ${unsure}`);
      assert.ok((await it.read(it.page, `incidents/${name}`)).includes(words));
    }
    assert.deepEqual([...it.receiver.wrong, ...it.vendors.wrong], []);
  } finally {
    await it.monitors.close();
    await it.close();
  }
});
