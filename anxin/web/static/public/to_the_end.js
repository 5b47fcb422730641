// The button below a text answers only after its last line was on the screen.
"use strict";
(function () {
  const form = document.querySelector("form[data-after]");
  const end = form && document.getElementById(form.dataset.after);
  if (!end || !("IntersectionObserver" in window)) return;
  const button = form.querySelector("button");
  const hint = form.querySelector("[data-hint]");
  button.disabled = true;
  hint.hidden = false;
  const seen = new IntersectionObserver(function (entries) {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    button.disabled = false;
    hint.hidden = true;
    seen.disconnect();
  });
  seen.observe(end);
})();
