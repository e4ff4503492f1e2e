"use strict";
// Keeps the worker that keeps a copy; and where that copy is shown, comes back as soon as the site does.
{
const own = document.currentScript.src;
navigator.serviceWorker?.register(new URL("sw.js", own)).catch(() => {});
const again = () => fetch(location.href, { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok && location.reload(), () => {});
if (document.getElementsByClassName("offline")[0]) {
  addEventListener("online", again);
  setInterval(again, 3e4);
}
}
