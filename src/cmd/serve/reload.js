// Reloads the page when what it would show has changed. Part of `upfront serve`, never of a published site.
(() => {
  "use strict";
  // The tag is that of this very page: what changed while it was loading is not missed.
  const query = new URLSearchParams({ page: location.pathname, tag: document.currentScript.dataset.tag });
  let events;
  // A browser keeps only six connections to a host open: a tab that nobody sees needs none.
  const attend = () => {
    events?.close();
    events = undefined;
    if (!document.hidden) {
      events = new EventSource(`/-/events?${query}`);
      events.onmessage = () => location.reload();
    }
  };
  document.addEventListener("visibilitychange", attend);
  attend();
})();
