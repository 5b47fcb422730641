// Keeps the page of the form and its assets, nothing else: no report, no name, no picture. What is written on the phone
// lies where the page put it. Signing out (the sign-in page, or an answer that leads there) empties what is kept.
"use strict";
const NAME = "anxin-grid-" + VERSION;
const ours = (name) => name.indexOf("anxin-grid-") === 0;

function empty(all) {
  return caches.keys().then((names) => Promise.all(names.filter((name) => ours(name) && (all || name !== NAME)).map((name) => caches.delete(name))));
}
// Only the page itself, whole and for somebody signed in: what led elsewhere is a sign-in page.
function keepPage(answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return Promise.resolve();
  const copy = answer.clone();
  return caches.open(NAME).then((cache) => cache.put(PAGE, copy));
}

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(NAME)
    .then((cache) => cache.addAll(ASSETS))
    // Not led on to the sign-in page: that would hand out a second form's word, and void the one somebody is filling in.
    .then(() => fetch(PAGE, { credentials: "same-origin", redirect: "manual" }))
    .then(keepPage)
    .then(() => self.skipWaiting()));
});
self.addEventListener("activate", function (event) {
  event.waitUntil(empty(false).then(() => self.clients.claim()));
});
self.addEventListener("fetch", function (event) {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (asked.pathname !== PAGE) return;
    event.respondWith(fetch(event.request).then(function (answer) {
      const after = answer.type === "opaqueredirect" || answer.redirected ? empty(true) : keepPage(answer);
      event.waitUntil(after);
      return answer;
    }, (problem) => caches.match(PAGE).then(function (kept) {
      if (kept) return kept;
      throw problem;
    })));
  } else if (ASSETS.indexOf(asked.pathname + asked.search) >= 0) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
