// Reads a page aloud where the phone can. Everything works without this file.
"use strict";
(function () {
  if (!("speechSynthesis" in window)) return;
  document.documentElement.classList.add("can-say");
  document.addEventListener("click", function (event) {
    const button = event.target.closest(".say");
    if (!button) return;
    const text = Array.from(document.querySelectorAll("[data-say]"), (part) => part.textContent.trim()).join("。");
    window.speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "zh-CN";
    words.rate = 0.9;
    window.speechSynthesis.speak(words);
  });
})();
