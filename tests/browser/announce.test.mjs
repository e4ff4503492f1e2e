// Announces with the real binary to a server that is as strict as the vendors' documents (shapes.mjs).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { secrets, shapes } from "./shapes.mjs";
import { binary } from "./site.mjs";

const vendors = ["mastodon", "bluesky", "matrix", "telegram", "discourse", "x"];
const keyed = ["mastodon", "bluesky", "matrix"];

function site(url) {
  const root = mkdtempSync(join(tmpdir(), "upfront-announce-"));
  mkdirSync(join(root, "incidents"));
  const channel = (kind, keys) => `[[channel]]\nid = "${kind}"\nkind = "${kind}"\nurl = "${url}"\n${keys}\n`;
  writeFileSync(
    join(root, "upfront.toml"),
    `title = "Fjordpost status"\nurl = "https://status.fjordpost.example"\n[[component]]\nname = "IMAP"\n` +
      channel("mastodon", 'token_env = "TOKEN"') +
      channel("bluesky", 'user = "status.fjordpost.example"\npassword_env = "PASSWORD"') +
      channel("matrix", 'room = "!abc:matrix.example"\ntoken_env = "TOKEN"') +
      channel("telegram", 'chat = "@fjordpost"\ntoken_env = "TOKEN"') +
      channel("discourse", 'user = "status"\ncategory = 5\ntoken_env = "TOKEN"') +
      channel("x", 'consumer_key_env = "KEY"\nconsumer_secret_env = "SECRET"\ntoken_env = "TOKEN"\ntoken_secret_env = "TOKEN_SECRET"'),
  );
  return root;
}

const heading = (stage, minutesAgo) => `## ${stage} · ${new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 16).replace("T", " ")} UTC\n`;

function write(root, name, updates) {
  const text = updates.map(([stage, minutes, words]) => `${heading(stage, minutes)}${words}\n`).join("");
  writeFileSync(join(root, "incidents", `${name}.md`), `+++\ncomponents = ["imap"]\nimpact = "major"\n+++\n${text}`);
}

/** Runs it beside this program, which is the server. */
function announce(root) {
  const env = {
    PATH: process.env.PATH,
    TOKEN: secrets.token,
    PASSWORD: secrets.password,
    KEY: secrets.consumer_key,
    SECRET: secrets.consumer_secret,
    TOKEN_SECRET: secrets.token_secret,
  };
  return new Promise((done) =>
    execFile(binary, ["-C", root, "announce", "--wait", "0s"], { env }, (error, stdout, stderr) => {
      assert.doesNotMatch(stdout + stderr, /s3cret/);
      done({ status: error?.code ?? 0, said: stdout + stderr });
    }),
  );
}

test("each vendor takes each update once, as its document asks for it, in a thread", async () => {
  const server = await shapes();
  const root = site(server.url);
  write(root, "imap-logins-failing", [["Investigating", 3, "Logins fail.\n\n- *Some* of you.\n- <b>Not</b> & [all](https://a.example/x)."]]);
  const first = await announce(root);
  assert.equal(first.status, 0, first.said);
  write(root, "imap-logins-failing", [["Investigating", 3, "Logins fail for some."], ["Resolved", 0, "They work again."]]);
  const second = await announce(root);
  assert.equal(second.status, 0, second.said);
  assert.match((await announce(root)).said, /Nothing new/);
  assert.deepEqual(server.wrong, []);
  for (const vendor of vendors) {
    const [begin, end, ...more] = server.messages(vendor);
    assert.deepEqual(more, [], vendor);
    assert.match(begin.text, /^Investigating: IMAP logins failing\n\nLogins fail\./, vendor);
    assert.match(end.text, /^Resolved: IMAP logins failing\n\nThey work again\.\n\nhttps:\/\/status\.fjordpost\.example\//, vendor);
    assert.equal(begin.reply, undefined, vendor);
    assert.equal(end.reply, begin.id, vendor);
  }
  server.close();
});

test("what is too long, or of many code points, is within each vendor's length with its link", async () => {
  const server = await shapes();
  const root = site(server.url);
  const texts = {
    long: "Logins fail for everybody. ".repeat(400),
    families: "👨‍👩‍👧‍👦".repeat(400),
    japanese: "ログインができません。原因を調べています。".repeat(60),
    links: "See example.com and https://a.example/ and b.example. ".repeat(40),
    right: "\u202eעברית \u05d0\u0301\u0302\u0303 العربية. ".repeat(60),
  };
  for (const [name, text] of Object.entries(texts)) write(root, `imap-is-slow-${name}`, [["Investigating", 1, text]]);
  const ran = await announce(root);
  assert.deepEqual(server.wrong, []);
  assert.equal(ran.status, 0, ran.said);
  for (const vendor of vendors) {
    const messages = server.messages(vendor);
    assert.equal(messages.length, Object.keys(texts).length, vendor);
    for (const { text } of messages) assert.match(text, /https:\/\/status\.fjordpost\.example\/incidents\/imap-is-slow-\w+\/#u-/, vendor);
  }
  server.close();
});

test("where all memory is lost, those who know our key still have each message once", async () => {
  const server = await shapes();
  const root = site(server.url);
  write(root, "imap-logins-failing", [["Investigating", 1, "Logins fail."]]);
  assert.equal((await announce(root)).status, 0);
  rmSync(join(root, "history"), { recursive: true });
  const again = await announce(root);
  for (const vendor of keyed) assert.equal(server.messages(vendor).length, 1, vendor);
  // X refuses a text that it has just had, which is how we know that it arrived; a forum refuses a second title.
  assert.equal(server.messages("x").length, 1);
  assert.equal(again.status, 0, again.said);
  server.close();
});
