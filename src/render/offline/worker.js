// A reader without a connection sees the last copy of the front page and of what is under way, and is told how old it is.
// The network comes first, always. Before this stand the words, the files and the language of the build.
const scope = registration.scope;
const KEPT = "upfront " + scope;
const kept = new Set(FILES.map((path) => new URL(path, scope).href));
const bare = (url) => url.split(/[?#]/)[0];

// How long the network may take before a copy is shown, in milliseconds.
const PATIENCE = 6000;

// Pages of upfront say when they were built.
const BUILT = / data-built="([^"]+)"/;

onactivate = (event) => event.waitUntil(clients.claim().then(tidy));
oninstall = (event) => event.waitUntil(caches.open(KEPT).then((cache) =>
  Promise.allSettled(FILES.map((path) => cache.add(new Request(new URL(path, scope), { cache: "no-cache" }))))
).then(() => skipWaiting()));

// What is not shown any more is not kept.
const tidy = async () => {
  const cache = await caches.open(KEPT);
  for (const request of await cache.keys()) if (!kept.has(request.url)) await cache.delete(request);
};

onfetch = (event) => {
  const { request } = event, url = bare(request.url);
  if (request.method !== "GET" || !url.startsWith(scope)) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (kept.has(url) && url.startsWith(scope + "assets/")) event.respondWith(asset(url, request));
};

// Its name holds a hash: the copy is right.
const asset = async (url, request) => (await caches.match(url, { cacheName: KEPT })) ?? fetch(request);

const page = async (event, url) => {
  const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  // Redirects are followed by the browser itself. A host that lost the site may answer anything to what is kept.
  if (answer && (answer.ok || answer.type === "opaqueredirect" || !kept.has(url) && answer.status < 500)) {
    if (answer.ok) event.waitUntil(seen(url, answer.clone()));
    return answer;
  }
  const copy = await caches.match(url, { cacheName: KEPT });
  if (copy) return old(copy);
  const front = await caches.match(scope, { cacheName: KEPT });
  return front && url !== scope ? Response.redirect(scope) : answer ?? Response.error();
};

// What is not of the site, as a host's own page is, neither replaces the copy nor ends it.
const seen = async (url, answer) => {
  if (!BUILT.test(await answer.clone().text())) return;
  if (kept.has(url)) await caches.open(KEPT).then((cache) => cache.put(url, answer));
  await leave();
};

// Where the site brings no such copy any more, this goes away.
const leave = async () => {
  const answer = await fetch(new URL("sw.js", scope), { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 404 && answer?.status !== 410) return;
  await registration.unregister();
  await caches.delete(KEPT);
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const safe = (text) => text.replace(/[&<]/g, (c) => `&#${c.charCodeAt()};`);
const two = (long, n, short, m) => fill(long, { n }) + (m ? "\u00A0" + fill(short, { n: m }) : "");
const length = (m) => m < 60 ? fill(T.min, { n: m })
  : m < 2880 ? two(T.h, m / 60 | 0, T.min, m % 60)
  : two(T.days, m / 1440 | 0, T.h, m < 10080 ? m % 1440 / 60 | 0 : 0);

// The copy, with its age above it. A page that does not say when it was built is as old as its answer.
const old = async (answer) => {
  const html = await answer.text();
  const at = new Date(BUILT.exec(html)?.[1] ?? answer.headers.get("date"));
  const time = / id="built">[^]*?<time[^>]*>([^<]+)/.exec(html)?.[1] ?? safe(at.toLocaleString(LANG));
  const m = Math.max(0, (Date.now() - at) / 6e4 | 0);
  const ago = safe(m ? fill(T.ago, { length: length(m) }) : T.now);
  const text = fill(safe(T.offline_text), { time, ago });
  const banner = `<div class="banner offline" role="note"><strong>${safe(T.offline_title)}</strong> ${text}</div>\n`;
  const headers = new Headers({ "content-type": "text/html; charset=utf-8" });
  const policy = answer.headers.get("content-security-policy");
  if (policy) headers.set("content-security-policy", policy);
  return new Response(html.replace('<main id="main">', (main) => banner + main), { headers });
};
