// Chooses the site: the nearest by the phone's place where its owner allows it, or by a word or the letters of its board.
// The list of one's own sites is on the page, so that this works without network. Without this file the list is a choice.
"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const site = byId("site"), free = byId("free"), find = byId("find");
  if (!site || !byId("sites")) return;
  const sites = JSON.parse(byId("sites").textContent);
  const SHOWN = 3;

  function choose(id) {
    site.value = String(id);
    site.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function tiles(box, list) {
    box.textContent = "";
    list.forEach(function (one) {
      const tile = document.createElement("button"), far = document.createElement("small");
      tile.type = "button"; tile.className = "tile"; tile.dataset.site = one.id;
      tile.append(one.name);
      if (one.metres !== undefined) { far.textContent = one.metres < 1000 ? one.metres + "米" : (one.metres / 1000).toFixed(1) + "公里"; tile.append(far); }
      tile.addEventListener("click", () => choose(site.value === String(one.id) ? "" : one.id));
      box.append(tile);
    });
    pressed();
  }
  function pressed() {
    document.querySelectorAll("button.tile").forEach((tile) => tile.setAttribute("aria-pressed", String(tile.dataset.site === site.value)));
    free.hidden = site.value !== "";
  }
  // good to a few metres within a town
  function metres(here, there) {
    const north = (there[0] - here[0]) * 111195;
    const east = (there[1] - here[1]) * 111195 * Math.cos(here[0] * Math.PI / 180);
    return Math.round(Math.sqrt(north * north + east * east));
  }
  function say(words) { const shown = byId("located"); shown.textContent = words; shown.hidden = false; }
  function locate() {
    say("正在找……");
    navigator.geolocation.getCurrentPosition(function (found) {
      const here = [found.coords.latitude, found.coords.longitude];
      const near = sites.filter((one) => one.at).map((one) => Object.assign({ metres: metres(here, one.at) }, one));
      near.sort((one, other) => one.metres - other.metres);
      tiles(byId("nearest"), near.slice(0, SHOWN));
      if (near.length) choose(near[0].id);
      say(near.length ? "已选最近的工地，不对就点别的；位置只在手机上用，不发送。" : "您的网格里没有记有位置的工地，请用名称找。");
    }, () => say("没有取得位置，请用名称找，或写明地点。"), { maximumAge: 60000, timeout: 15000, enableHighAccuracy: true });
  }

  site.addEventListener("change", pressed);
  byId("form").addEventListener("reset", () => setTimeout(function () { tiles(byId("found"), []); pressed(); }, 0));
  if (sites.length) {
    find.hidden = false; byId("find-label").hidden = false;
    find.addEventListener("input", function () {
      const typed = find.value.replace(/\s/g, "");
      const letters = typed.toUpperCase();
      const found = typed.length < 2 ? [] : sites.filter((one) => one.name.indexOf(typed) >= 0 || (one.letters && one.letters === letters));
      tiles(byId("found"), found.slice(0, 5));
      if (found.length === 1) choose(found[0].id);
    });
    if (navigator.geolocation && window.isSecureContext) {
      byId("near").hidden = false;
      byId("locate").addEventListener("click", locate);
      // asked once and allowed: the next report needs no touch
      if (navigator.permissions) navigator.permissions.query({ name: "geolocation" }).then((may) => { if (may.state === "granted") locate(); }).catch(() => undefined);
    }
  }
  pressed();
})();
