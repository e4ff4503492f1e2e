// A server that is as strict as the documents of six vendors: it checks path, method, login, required fields, lengths and
// threads of each request, answers in the vendor's shape, and keeps what it took. The same key twice is one message.
// By itself: node shapes.mjs PORT LOGFILE (a line of JSON for each request).

import assert from "node:assert/strict";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

export const secrets = { token: "t0ken-s3cret", password: "app-pass-s3cret", consumer_key: "ck-s3cret", consumer_secret: "cs&s3cret", token_secret: "ts/s3cret" };

const graphemes = (text) => [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].length;
/** As Mastodon counts: every link is 23. */
const characters = (text) => graphemes(text.replace(/https?:\/\/\S+/g, "x".repeat(23)));
/** As X counts: links 23, an emoji 2, what is beyond U+10FF 2. */
function weight(text) {
  const one = (code) => code <= 0x10ff || (code >= 0x2000 && code <= 0x200d) || (code >= 0x2010 && code <= 0x201f) || (code >= 0x2032 && code <= 0x2037);
  const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text.replace(/https?:\/\/\S+/g, "x".repeat(23)));
  return [...segments].reduce((sum, { segment }) => {
    const codes = [...segment].map((c) => c.codePointAt(0));
    return sum + (codes.every(one) ? codes.length : 2);
  }, 0);
}

const bearer = ({ headers }) => assert.equal(headers.authorization, `Bearer ${secrets.token}`, "login");
const isText = (text, what) => assert.ok(typeof text === "string" && text.trim() !== "", `${what} is required`);

/** Each: whose path it is, and what comes of a request; a failed assertion is the vendor's 4xx. */
const vendors = {
  // https://docs.joinmastodon.org/methods/statuses/#create
  mastodon: {
    path: /^\/api\/v1\/statuses$/,
    take(request, { took, base }) {
      assert.equal(request.method, "POST");
      bearer(request);
      const { status, visibility, in_reply_to_id: reply } = request.json;
      isText(status, "status");
      assert.ok(characters(status) <= 500, `500 characters, not ${characters(status)}`);
      assert.ok(["public", "unlisted", "private", "direct"].includes(visibility));
      if (reply !== undefined) assert.ok(took.some(({ id }) => id === reply), "in_reply_to_id is known");
      const id = String(1000 + took.length);
      return { id, text: status, reply, key: request.headers["idempotency-key"], answer: { id, url: `${base}/@status/${id}`, content: status } };
    },
  },
  // https://docs.bsky.app/docs/api/com-atproto-server-create-session
  session: {
    path: /^\/xrpc\/com\.atproto\.server\.createSession$/,
    take(request) {
      assert.equal(request.method, "POST");
      assert.deepEqual(request.json, { identifier: "status.fjordpost.example", password: secrets.password });
      return { answer: { did: "did:plc:ewvi7nxzyoun6zhxrhs64oiz", handle: "status.fjordpost.example", accessJwt: secrets.token, refreshJwt: "r" } };
    },
  },
  // https://docs.bsky.app/docs/api/com-atproto-repo-put-record, the lexicon app.bsky.feed.post
  bluesky: {
    path: /^\/xrpc\/com\.atproto\.repo\.putRecord$/,
    take(request, { took }) {
      assert.equal(request.method, "POST");
      bearer(request);
      const { repo, collection, rkey, record } = request.json;
      assert.equal(repo, "did:plc:ewvi7nxzyoun6zhxrhs64oiz");
      assert.equal(collection, "app.bsky.feed.post");
      assert.match(rkey, /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/, "rkey is a TID");
      assert.equal(record.$type, collection);
      isText(record.text, "text");
      const bytes = Buffer.from(record.text);
      assert.ok(graphemes(record.text) <= 300 && bytes.length <= 3000, `300 graphemes, not ${graphemes(record.text)}`);
      assert.ok(!Number.isNaN(Date.parse(record.createdAt)), "createdAt");
      for (const { index, features } of record.facets ?? [])
        assert.equal(bytes.subarray(index.byteStart, index.byteEnd).toString(), features[0].uri, "a facet covers its link");
      for (const end of Object.values(record.reply ?? {}))
        assert.ok(took.some(({ answer }) => answer.uri === end.uri && answer.cid === end.cid), "reply is known");
      const cid = createHash("sha256").update(JSON.stringify(record)).digest("hex").slice(0, 20);
      const answer = { uri: `at://${repo}/${collection}/${rkey}`, cid };
      return { id: answer.uri, text: record.text, reply: record.reply?.parent.uri, key: rkey, answer };
    },
  },
  // https://spec.matrix.org/v1.11/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid
  matrix: {
    path: /^\/_matrix\/client\/v3\/rooms\/%21abc%3Amatrix\.example\/send\/m\.room\.message\/([^/]+)$/,
    take(request, { took, match }) {
      assert.equal(request.method, "PUT");
      bearer(request);
      const { msgtype, body, format, formatted_body: html, "m.relates_to": relates } = request.json;
      assert.equal(msgtype, "m.text");
      isText(body, "body");
      assert.equal(format, "org.matrix.custom.html");
      assert.doesNotMatch(html, /<(script|style|img|svg|iframe)/i);
      assert.ok(JSON.stringify(request.json).length < 65_536);
      if (relates) {
        assert.equal(relates.rel_type, "m.thread");
        assert.ok(took.some(({ id }) => id === relates.event_id), "the thread's root is known");
      }
      const id = `$${took.length}:matrix.example`;
      return { id, text: body, reply: relates?.event_id, key: match[1], answer: { event_id: id } };
    },
  },
  // https://core.telegram.org/bots/api#sendmessage
  telegram: {
    path: /^\/bot([^/]+)\/sendMessage$/,
    take(request, { took, match }) {
      assert.equal(match[1], secrets.token, "login");
      const { chat_id: chat, text, reply_parameters: reply } = request.json;
      assert.equal(chat, "@fjordpost");
      isText(text, "text");
      assert.ok(text.length <= 4096);
      if (reply) assert.ok(took.some(({ id }) => id === reply.message_id), "reply is known");
      const id = took.length + 1;
      return { id, text, reply: reply?.message_id, answer: { ok: true, result: { message_id: id, chat: { id: -1 }, date: 1 } } };
    },
  },
  // https://docs.discourse.org/#tag/Posts/operation/createTopicPostPM
  discourse: {
    path: /^\/posts\.json$/,
    take(request, { took }) {
      assert.equal(request.headers["api-key"], secrets.token, "login");
      assert.equal(request.headers["api-username"], "status");
      const { title, raw, topic_id: topic, category } = request.json;
      assert.ok(raw.length >= 20 && raw.length <= 32_000, "length of raw");
      if (topic === undefined) {
        assert.ok(title.length >= 15 && title.length <= 255, "length of title");
        assert.equal(typeof category, "number");
        assert.ok(!took.some((post) => post.title === title), "Title has already been used");
      } else assert.ok(took.some(({ id }) => id === topic), "the topic is known");
      const id = topic ?? 1 + took.length;
      return { id, title, text: raw, reply: topic, answer: { id: took.length + 1, topic_id: id, topic_slug: "s", post_number: 1 } };
    },
  },
  // https://docs.x.com/x-api/posts/create-post, RFC 5849
  x: {
    path: /^\/2\/tweets$/,
    take(request, { took, base }) {
      const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
      const fields = Object.fromEntries([...request.headers.authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]));
      const { oauth_signature: signature, ...signed } = fields;
      assert.equal(signed.oauth_consumer_key, secrets.consumer_key);
      assert.equal(signed.oauth_token, secrets.token);
      assert.ok(Math.abs(Date.now() / 1000 - Number(signed.oauth_timestamp)) < 300, "oauth_timestamp");
      const parameters = Object.keys(signed).sort().map((name) => `${encode(name)}=${encode(signed[name])}`).join("&");
      const text = ["POST", `${base}/2/tweets`, parameters].map(encode).join("&");
      const key = `${encode(secrets.consumer_secret)}&${encode(secrets.token_secret)}`;
      const expected = createHmac("sha1", key).update(text).digest();
      assert.ok(timingSafeEqual(Buffer.from(signature, "base64"), expected), "oauth_signature");
      const { text: said, reply } = request.json;
      isText(said, "text");
      assert.ok(weight(said) <= 280, `280, not ${weight(said)}`);
      assert.ok(!took.some((tweet) => tweet.text === said), "duplicate content");
      if (reply) assert.ok(took.some(({ id }) => id === reply.in_reply_to_tweet_id), "reply is known");
      const id = String(5000 + took.length);
      return { id, text: said, reply: reply?.in_reply_to_tweet_id, answer: { data: { id, text: said } } };
    },
  },
};

/** Starts it. `messages` answers what a vendor took; `wrong` is what was refused, and why. */
export function shapes(port = 0, log = () => {}) {
  const took = Object.fromEntries(Object.keys(vendors).map((name) => [name, []]));
  const wrong = [];
  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method, headers, url } = incoming;
    const base = `http://${headers.host}`;
    const answer = (status, json) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    };
    const [name, vendor] = Object.entries(vendors).find(([, { path }]) => path.test(url)) ?? [];
    try {
      assert.ok(vendor, `nobody has the path ${url}`);
      assert.match(headers["content-type"] ?? "", /^application\/json/);
      const request = { method, headers, json: JSON.parse(body) };
      const known = took[name];
      const message = vendor.take(request, { took: known, base, match: vendor.path.exec(url) });
      const before = message.key !== undefined && known.find(({ key }) => key === message.key);
      if (!before) known.push(message);
      log({ vendor: name, ok: true, again: Boolean(before), text: message.text });
      answer(200, (before || message).answer);
    } catch (error) {
      wrong.push(`${name ?? url}: ${error.message}`);
      log({ vendor: name, ok: false, why: error.message, body });
      // X says so with another status, in its own words.
      const isTwice = name === "x" && error.message === "duplicate content";
      if (isTwice) answer(403, { detail: "You are not allowed to create a Tweet with duplicate content.", status: 403 });
      else answer(422, { error: error.message });
    }
  });
  return new Promise((done) =>
    server.listen(port, "127.0.0.1", () =>
      done({ url: `http://127.0.0.1:${server.address().port}`, messages: (name) => took[name], wrong, close: () => server.close() }),
    ),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [port, file] = process.argv.slice(2);
  const { url } = await shapes(Number(port ?? 0), (line) => file && appendFileSync(file, `${JSON.stringify(line)}\n`));
  console.log(url);
}
