// Reads a page aloud: the office's recordings first, else the phone's own voice. The buttons are there only where one of
// the two is. Recordings are loaded when somebody presses. Everything works without this file.
"use strict";
(function () {
  const root = document.documentElement, told = document.getElementById("sounds");
  const sounds = told ? JSON.parse(told.textContent) : {};
  const speech = window.speechSynthesis, player = document.createElement("audio");
  const PLACE = "anxin-language", languages = [];
  let queue = [], pressed = null, turn = 0, broken = {}, chosen = "";
  player.preload = "none";
  Object.keys(sounds).forEach((key) => Object.keys(sounds[key]).forEach((one) => languages.includes(one) || languages.push(one)));
  try { chosen = localStorage.getItem(PLACE) || ""; } catch (error) { /* a closed store */ }

  // A voice that reads Chinese; a phone that names none stays silent when asked to speak.
  const voice = () => !!speech && speech.getVoices().some((one) => /^(zh|cmn|yue)/i.test(one.lang));
  function clip(key) {
    const all = sounds[key] || {}, found = all[chosen] || all[Object.keys(all)[0]];
    return found && !broken[found[0]] && player.canPlayType(found[1]) ? found[0] : "";
  }
  const keyOf = (part) => part.dataset.whole || part.dataset.say;
  // What stands in a whole that has a recording is said by it.
  function partsOf(scope) {
    return Array.from(scope.querySelectorAll("[data-say],[data-whole]")).filter(function (part) {
      const around = part.parentNode.closest("[data-whole]");
      if (!part.getClientRects().length || (around && clip(keyOf(around)))) return false;
      return part.dataset.whole ? clip(keyOf(part)) : clip(keyOf(part)) || voice();
    });
  }
  function stop() {
    turn++;
    queue = [];
    player.pause();
    if (speech) speech.cancel();
    if (pressed) { pressed.textContent = pressed.dataset.words; pressed.classList.remove("is-on"); }
    pressed = null;
  }
  function next() {
    const part = queue.shift(), mine = turn;
    if (!part) return stop();
    const go = () => { if (mine === turn) next(); };
    const sound = clip(keyOf(part));
    if (!sound) return say(part, go);
    let failed = false;
    const fail = function () { // lost network, or a kind this phone only claims to know: its words instead
      if (failed || mine !== turn) return;
      failed = true; broken[sound] = true;
      queue = (part.dataset.whole ? partsOf(part) : [part]).concat(queue);
      next();
    };
    player.onended = go; player.onerror = fail;
    player.src = sound;
    const began = player.play();
    if (began) began.catch(fail);
    return undefined;
  }
  function say(part, go) {
    if (!voice()) return go();
    const words = new SpeechSynthesisUtterance(part.textContent.trim());
    words.lang = "zh-CN"; words.rate = 0.9;
    words.onend = words.onerror = go;
    speech.speak(words);
    return undefined;
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest(".say");
    if (!button) return;
    const again = button === pressed;
    stop();
    if (again) return;
    pressed = button;
    button.dataset.words = button.textContent; button.textContent = "停下"; button.classList.add("is-on");
    queue = partsOf(button.classList.contains("say-one") ? button.parentNode : document);
    next();
  });
  window.addEventListener("pagehide", stop);

  function choice() {
    const row = document.createElement("p");
    row.className = "tongues"; row.setAttribute("role", "group"); row.setAttribute("aria-label", "用哪种话读");
    languages.forEach(function (one) {
      const button = document.createElement("button");
      button.type = "button"; button.textContent = one;
      button.addEventListener("click", function () {
        stop();
        chosen = one;
        try { localStorage.setItem(PLACE, one); } catch (error) { /* a closed store */ }
        mark();
      });
      row.append(button);
    });
    document.querySelector("main").prepend(row);
    const mark = () => Array.from(row.children, (one) => one.setAttribute("aria-pressed", String(one.textContent === (chosen || languages[0]))));
    mark();
  }
  function look() {
    const can = voice() || Object.keys(sounds).some(clip);
    root.classList.toggle("can-say", can);
    document.querySelectorAll(".say-one").forEach((one) => { one.hidden = !voice() && !partsOf(one.parentNode).length; });
  }
  if (languages.length > 1) { if (!languages.includes(chosen)) chosen = ""; choice(); }
  look();
  if (speech && speech.addEventListener) speech.addEventListener("voiceschanged", look);
})();
