// The sign-in page stands where somebody has signed out: the page that the grid portal kept for working without network goes.
"use strict";
(function () {
  if (!window.caches || !navigator.serviceWorker) return;
  caches.keys().then((names) => names.filter((name) => name.indexOf("anxin-grid-") === 0).forEach((name) => caches.delete(name)));
  navigator.serviceWorker.getRegistrations().then((all) => all.filter((one) => one.scope.endsWith("/grid/")).forEach((one) => one.unregister()));
})();
