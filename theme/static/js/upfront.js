// Only improves: every fact is in the page without it. It writes text, never markup, and loads nothing but this page again.
{
const d = document, data = d.body.dataset;
const all = (query, from = d) => [...from.querySelectorAll(query)];
const main = () => d.getElementById("main");
const built = () => d.querySelector("#built time")?.textContent || "";
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A length as the page itself says it, in minutes.
const two = (long, n, short, m) => fill(long, { n }) + (m ? " " + fill(short, { n: m }) : "");
const length = (m) => m < 60 ? fill(T.min, { n: m })
  : m < 2880 ? two(T.h, m / 60 | 0, T.min, m % 60)
  : two(T.days, m / 1440 | 0, T.h, m < 10080 ? m % 1440 / 60 | 0 : 0);
const minutes = (at) => Math.floor(new Date(at) / 6e4) - Math.floor(Date.now() / 6e4);
const relative = (m) => m ? fill(m > 0 ? T.in : T.ago, { length: length(Math.abs(m)) }) : T.now;

// The reader's own time beside the site's, where their clocks differ.
const own = () => {
  for (const t of all("time[data-own]")) {
    const at = new Date(t.dateTime), zone = /([+-])(\d\d):(\d\d)$/.exec(t.dateTime);
    t.removeAttribute("data-own");
    if (!zone || (zone[1] + 1) * (zone[2] * 60 + +zone[3]) === -at.getTimezoneOffset()) continue;
    const day = t.dateTime.slice(0, 10) !== new Intl.DateTimeFormat("sv").format(at);
    const small = d.createElement("small");
    small.className = "own";
    small.textContent = fill(T.own, { time: new Intl.DateTimeFormat(d.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
      ...(day && { weekday: "short" }) }).format(at) });
    t.after(" ", small);
  }
};

// Words like "in 12 min", kept true; and whether this page should have been built again by now.
const tick = () => {
  for (const t of all("time[data-kept]")) {
    const m = minutes(t.dateTime);
    t.textContent = t.dataset.kept === "for" ? length(Math.max(0, -m)) : relative(m);
  }
  d.getElementById("old")?.remove();
  if (!data.rebuild || Date.now() - new Date(data.built) < data.rebuild * 2e3) return;
  const old = d.createElement("div"), strong = d.createElement("strong");
  old.id = "old";
  old.className = "banner";
  old.setAttribute("role", "note");
  strong.textContent = T.old;
  old.append(strong, " ", fill(T.old_text, { time: built(), ago: relative(minutes(data.built)), every: data.every }));
  d.querySelector(".site").before(old);
};

// The same page again, without losing one's place: folds, focus and what was at the top stay.
const sense = (from) => {
  const copy = from.cloneNode(true);
  all(".asof, [data-kept], .own", copy).forEach((e) => e.remove());
  return copy.textContent.replace(/\s+/g, "");
};
const named = (e) => e && (e.id || e.getAttribute("href") || e.textContent);
const renew = async () => {
  if (d.hidden || !data.built) return;
  const answer = await fetch(location.href.split("#")[0], { cache: "no-cache" }).catch(() => 0);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = fresh.getElementById("main");
  if (!next || fresh.body.dataset.built === data.built) return;
  const news = sense(next) !== sense(main());
  const open = all("details[open] > summary", main()).map(named);
  const focus = main().contains(d.activeElement) && named(d.activeElement);
  const top = all("[id]", main()).find((e) => e.getBoundingClientRect().top >= 0);
  const y = top?.getBoundingClientRect().top;
  main().replaceChildren(...next.childNodes);
  for (const query of [".sprite", "#built", "link[rel=icon]"]) d.querySelector(query).replaceWith(fresh.querySelector(query));
  d.title = fresh.title;
  for (const name of ["built", "rebuild", "every"]) delete data[name];
  Object.assign(data, fresh.body.dataset);
  all("summary", main()).forEach((e) => e.parentNode.open = open.includes(named(e)));
  if (focus) all("a, summary", main()).find((e) => named(e) === focus)?.focus({ preventScroll: true });
  const same = top && d.getElementById(top.id);
  if (same && scrollY) scrollBy({ top: same.getBoundingClientRect().top - y, behavior: "instant" });
  own();
  tick();
  if (news) d.getElementById("news").textContent = fill(T.updated, {
    time: built().split(", ").pop(), headline: d.querySelector("h1").textContent });
};

// Filters of the history.
for (const box of all("[data-filter]")) {
  box.hidden = false;
  box.addEventListener("change", () => {
    const rows = all(".row[data-k]", main());
    const by = all("select", box).map((select) => [select.dataset.by, select.value]);
    for (const row of rows) row.hidden = !by.every(([key, value]) => !value || row.dataset[key].split(" ").includes(value));
    for (const list of all(".sec:has(.row[data-k])")) list.hidden = !list.querySelector(".row:not([hidden])");
    box.querySelector("output").textContent = fill(T.shown, { n: rows.filter((row) => !row.hidden).length, all: rows.length });
  });
}

// An update's address leads to it even where it is folded away.
const unfold = () => {
  const fold = d.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
  if (fold) fold.open = true;
};
addEventListener("hashchange", unfold);
unfold();

// In a folder nobody adds index.html to a link.
if (location.protocol === "file:") d.addEventListener("click", (event) => {
  const a = event.target.closest("a");
  if (a?.protocol === "file:" && a.pathname.endsWith("/")) a.pathname += "index.html";
});

own();
if (data.built) {
  tick();
  setInterval(tick, 6e4);
  setInterval(renew, 6e4);
  d.addEventListener("visibilitychange", renew);
}
}
