// Only improves: every fact is in the page without it. It writes text, never markup, and loads nothing but this page again.
{
const d = document, data = d.body.dataset, root = d.documentElement;
const id = (name) => d.getElementById(name);
const all = (query, from = d) => [...from.querySelectorAll(query)];
const main = () => id("main");
const built = () => all("#built time")[0]?.textContent || "";
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const make = (tag, className, text) => Object.assign(d.createElement(tag), { className, textContent: text });

// A length as the page itself says it, in minutes.
const two = (long, n, short, m) => fill(long, { n }) + (m ? "\u00A0" + fill(short, { n: m }) : "");
const length = (m) => m < 60 ? fill(T.min, { n: m })
  : m < 2880 ? two(T.h, m / 60 | 0, T.min, m % 60)
  : two(T.days, m / 1440 | 0, T.h, m < 10080 ? m % 1440 / 60 | 0 : 0);
const until = (at) => Math.floor(new Date(at) / 6e4) - Math.floor(Date.now() / 6e4);
const relative = (m) => m ? fill(m > 0 ? T.in : T.ago, { length: length(Math.abs(m)) }) : T.now;

// The reader's own time beside the site's, where their clocks differ.
const own = () => all("time[data-own]").forEach((t) => {
  const from = t.dataset.own, at = new Date(t.dateTime), [, s, h, m] = /([+-])(\d\d):(\d\d)$/.exec(t.dateTime);
  t.removeAttribute("data-own");
  if ((s + 1) * (h * 60 + +m) === -at.getTimezoneOffset()) return;
  const form = new Intl.DateTimeFormat(root.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
      weekday: t.dateTime.slice(0, 10) !== new Intl.DateTimeFormat("sv").format(at) ? "short" : void 0 });
  // Browsers may put spaces around the dash between two times of a day; the site does not.
  t.after(" ", make("small", "own", fill(T.own, { time: from
    ? form.formatRange(new Date(from), at).replace(/\s–\s(?=\d)/, "–") : form.format(at) })));
});

// Words like "in 12 min", kept true; and whether this page should have been built again by now.
const tick = () => {
  all("[data-kept]").forEach((e) => {
    const { at, kept, late } = e.dataset, m = until(at);
    e.textContent = kept === "for" ? length(Math.max(0, -m)) : late ? m < 0 ? late : "" : relative(m);
  });
  all(".old").forEach((e) => e.remove());
  // Without a promise it is never late: what is not there is no number.
  if (!(Date.now() - new Date(data.built) > data.rebuild * 2e3)) return;
  const old = make("div", "banner old");
  old.role = "note";
  old.append(make("strong", "", T.old), " ", fill(T.old_text, { time: built(), ago: relative(until(data.built)), every: data.every }),
    ...all(".copies").map((e) => e.cloneNode(1)));
  main().prepend(old);
};

// The same page again, without losing one's place: folds, focus and scroll position stay.
const gist = (from) => {
  const copy = from.cloneNode(true);
  all(".old, .asof, [data-kept], .own", copy).forEach((e) => e.remove());
  return copy.textContent.replace(/\s/g, "");
};
const named = (e) => e && (e.id || e.getAttribute("href") || e.textContent);
const marks = () => all("[id], a, summary", main());
const find = (name) => marks().find((e) => named(e) === name);
const top = (e) => e.getBoundingClientRect().top;
const renew = async () => {
  tick();
  if (d.hidden || !data.built) return;
  const sent = await fetch(location.pathname, { cache: "no-cache" }).catch(() => 0);
  if (!sent.ok) return;
  const page = new DOMParser().parseFromString(await sent.text(), "text/html");
  const next = page.getElementById("main"), now = page.body.dataset;
  if (!next || now.built === data.built) return;
  const news = gist(next) !== gist(main()), here = d.activeElement;
  const open = all("details[open] > summary").map(named);
  const focus = main().contains(here) && named(here);
  // What the reader has before their eyes stays where it is, though what stands above it grows.
  const y = scrollY, seen = y && marks().find((e) => top(e) > 0 && find(named(e)) === e), at = seen && top(seen);
  main().replaceChildren(...next.childNodes);
  for (const query of [".sprite", "#built", "link[rel=icon]"]) all(query)[0].replaceWith(all(query, page)[0]);
  d.title = page.title;
  delete data.built;
  delete data.rebuild;
  Object.assign(data, now);
  all("summary").forEach((e) => e.parentNode.open = open.includes(named(e)));
  find(focus)?.focus({ preventScroll: 1 });
  own();
  tick();
  const same = find(named(seen));
  scrollTo({ top: same ? scrollY + top(same) - at : y, behavior: "instant" });
  if (news) id("news").textContent = fill(T.updated, { time: built().split(", ").pop(), headline: all("h1")[0].textContent });
};

// Filters of the history.
all("[data-filter]").forEach((box) => {
  box.hidden = 0;
  box.onchange = () => {
    const by = all("select", box).map((e) => [e.dataset.by, e.value]);
    const rows = all(".row[data-k]");
    for (const row of rows) row.hidden = !by.every(([key, value]) => !value || row.dataset[key].split(" ").includes(value));
    for (const list of all(".sec:has(.row[data-k])")) list.hidden = !all(".row:not([hidden])", list)[0];
    all("output", box)[0].textContent = fill(T.shown, { n: rows.filter((row) => !row.hidden).length, all: rows.length });
  };
});

// An update's address leads to it even where it is folded away.
const show = () => {
  const fold = id(location.hash.slice(1))?.closest("details");
  if (fold) fold.open = 1;
};
onhashchange = show;
show();

// In a folder nobody adds index.html to a link.
d.onclick = (event) => {
  const a = event.target.closest("a");
  if (a?.protocol === "file:" && a.pathname.endsWith("/")) a.pathname += "index.html";
};

own();
if (data.built) {
  tick();
  setInterval(renew, 6e4);
  d.onvisibilitychange = renew;
}
}
