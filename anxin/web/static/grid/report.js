// Keeps every report on the phone until the office has it, and sends each once: words in localStorage, pictures beside them.
// A report belongs to whoever wrote it; under another account of the same phone it stays unseen and unsent.
"use strict";
(function () {
  const form = document.getElementById("form");
  if (!form || !window.anxinPhone) return;
  const { word, keep, drop, find, smaller, shown, post, recorder } = window.anxinPhone;
  const byId = (id) => document.getElementById(id);
  const who = document.body.dataset.who, place = "anxin-grid:" + who;
  const FIELDS = ["region", "site", "place", "kind", "people", "urgency", "note"];
  const refusal = byId("refusal"), done = byId("done");
  let files = { photo: "", sound: "" }, busy = false, timer = 0, tries = 0;
  document.documentElement.classList.add("by-script");

  function queue() {
    try { return JSON.parse(localStorage.getItem(place) || "[]"); } catch (error) { return []; }
  }
  function store(list) {
    try { localStorage.setItem(place, JSON.stringify(list)); return true; } catch (error) { return false; }
  }
  function change(key, values) {
    store(queue().map((one) => (one.key === key ? Object.assign(one, values) : one)));
    list();
  }
  function remove(one) {
    store(queue().filter((other) => other.key !== one.key));
    [one.photo, one.sound].filter(Boolean).forEach(drop);
    list();
  }
  function tell(box, words, field) {
    refusal.hidden = true; done.hidden = true;
    if (!words) return;
    box.textContent = words; box.hidden = false;
    const at = field && form.querySelector('[name="' + field + '"]');
    (at && at.type !== "radio" ? at : box).focus();
    box.scrollIntoView({ block: "center" });
  }

  // --- the lists
  const STATES = { waiting: ["待发送", "is-waiting"], login: ["待发送：请重新登录", "is-waiting"], back: ["被退回", "is-back"] };
  function row(title, words, style, more, small) {
    const item = document.createElement("li"), main = document.createElement("div"), name = document.createElement("strong"), how = document.createElement("span"), foot = document.createElement("span");
    item.className = "row"; main.className = "row-main"; how.className = "stands " + style; foot.className = "soft small";
    name.textContent = title; how.textContent = words; foot.textContent = small;
    main.append(name, document.createElement("br"), how, more ? "：" + more : "", document.createElement("br"), foot);
    item.append(main);
    return item;
  }
  function list() {
    const box = byId("waiting");
    box.textContent = "";
    queue().forEach(function (one) {
      const [words, style] = STATES[one.state];
      const item = row(one.title, words, style, one.why, one.on);
      if (one.state === "back") {
        const again = document.createElement("button");
        again.type = "button"; again.textContent = "改一改";
        again.addEventListener("click", () => edit(one));
        item.append(again);
      }
      box.append(item);
    });
  }
  function latest(reports) {
    const box = byId("sent");
    box.textContent = "";
    reports.forEach((one) => box.append(row(one.kind + " · " + one.where, one.words, "", one.more, one.number + " · 已发送 · " + one.on)));
    byId("sent-says").hidden = reports.length > 0;
    byId("sent-says").textContent = "还没有上报过。";
  }

  // --- the form
  function hold(kind, blob) {
    if (files[kind]) drop(files[kind]);
    files[kind] = word();
    return keep(files[kind], blob).then(chosen);
  }
  function chosen() {
    const box = byId("chosen");
    box.textContent = "";
    Object.keys(files).filter((kind) => files[kind]).forEach(function (kind) {
      const item = document.createElement("li"), off = document.createElement("button");
      off.type = "button"; off.textContent = "删除"; off.setAttribute("aria-label", kind === "photo" ? "删除照片" : "删除录音");
      off.addEventListener("click", () => { drop(files[kind]); files[kind] = ""; chosen(); });
      if (kind === "photo") {
        const image = document.createElement("img");
        image.alt = "现场照片";
        find(files.photo).then((blob) => blob && shown(blob, image));
        item.append(image);
      } else item.append("录音");
      item.append(off); box.append(item);
    });
    draft();
  }
  function title(fields) {
    const kind = form.querySelector('[name="kind"]:checked');
    const site = form.elements.site.selectedOptions[0];
    return (kind ? kind.parentNode.textContent.trim() : "") + " · " + (fields.site ? site.textContent : fields.place);
  }
  function missing(fields) {
    if (!fields.site && (fields.place || "").trim().length < 2) return ["请选一个工地，或者写明在什么地方。", "place"];
    if (fields.site && fields.kind === "site") return ["选的工地已经登记过；没有登记的小工地请不要选工地，直接写明地点。", "site"];
    if ((fields.kind === "board" || fields.kind === "site") && !files.photo) return ["请拍一张现场照片，没有照片无法核对。", "photo"];
    return null;
  }
  // --- what is filled in and not yet handed over
  function draft() {
    const data = new FormData(form), fields = {};
    FIELDS.forEach((name) => { if (data.get(name)) fields[name] = data.get(name); });
    try { localStorage.setItem(place + ":draft", JSON.stringify({ fields, files })); } catch (error) { /* a full or closed store */ }
    return fields;
  }
  function fill(kept) {
    FIELDS.forEach(function (name) {
      form.querySelectorAll('[name="' + name + '"]').forEach(function (field) {
        if (field.type === "radio") field.checked = field.value === kept.fields[name];
        else if (kept.fields[name] !== undefined) field.value = kept.fields[name];
      });
    });
    files = kept.files;
    form.elements.site.dispatchEvent(new Event("change"));
    chosen();
  }
  function clean() {
    const site = form.elements.site.value;
    files = { photo: "", sound: "" };
    form.reset();
    form.elements.site.value = site; // the next one is usually at the same place
    form.elements.key.value = word();
    chosen();
  }
  function edit(one) {
    [files.photo, files.sound].filter(Boolean).forEach(drop);
    clean();
    store(queue().filter((other) => other.key !== one.key));
    fill({ fields: Object.assign({ site: "", place: "", note: "" }, one.fields), files: { photo: one.photo, sound: one.sound } });
    list(); tell(refusal, one.why);
  }

  // --- sending
  function again() {
    clearTimeout(timer);
    timer = setTimeout(go, 1000 * (Math.min(60, 4 * Math.pow(2, tries++)) + 3 * Math.random()));
  }
  // Whose session it is must be known before anything goes: a shared phone may have changed hands.
  function state() {
    return fetch(document.body.dataset.state, { redirect: "manual", headers: { Accept: "application/json" } }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403) return null;
      if (!answer.ok) throw new Error("no answer of ours");
      return answer.json();
    });
  }
  function sendOne(one, token) {
    return Promise.all([one.photo, one.sound].map((id) => (id ? find(id) : undefined))).then(function (blobs) {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", token); data.append("key", one.key); data.append("seen_at", one.seen);
      Object.keys(one.fields).forEach((name) => data.append(name, one.fields[name]));
      if (blobs[0]) data.append("photo", blobs[0], "photo.jpg");
      if (blobs[1]) data.append("sound", blobs[1], "sound");
      return post(form.action, data);
    }).then(function (got) {
      if (got.status === 200) remove(one);
      else change(one.key, { state: "back", why: got.told.refusal, key: one.key });
    });
  }
  function go() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    state().then(function (told) {
      const open = queue().filter((one) => one.state !== "back");
      if (!told || told.who !== who) { open.forEach((one) => change(one.key, { state: "login" })); return undefined; }
      let failed = 0;  // one that does not get through keeps no other from going
      return open.reduce((before, one) => before.then(() => sendOne(one, told.token).catch(() => { failed += 1; })), Promise.resolve())
        .then(() => { if (failed) throw new Error("not all have gone"); })
        .then(() => (open.length ? state() : told))
        .then((now) => { tries = 0; if (now) latest(now.reports); });
    }).catch(() => { if (queue().some((one) => one.state !== "back")) again(); }).then(function () {
      busy = false;
      // one that was written meanwhile goes at once
      if (!tries && queue().some((one) => one.state === "waiting")) timer = setTimeout(go, 200);
    });
  }

  byId("photo").addEventListener("change", function () {
    const file = this.files[0];
    this.value = "";
    if (file) smaller(file).then((blob) => hold("photo", blob));
  });
  byId("sound").addEventListener("change", function () {
    const file = this.files[0];
    this.value = "";
    if (file) hold("sound", file);
  });
  recorder(byId("record"), (blob) => hold("sound", blob), (words) => tell(refusal, words));
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const fields = draft();
    if (fields.site) delete fields.place;
    const wrong = missing(fields);
    if (wrong) return tell(refusal, wrong[0], wrong[1]);
    const at = new Date();
    const one = { key: word(), state: "waiting", fields: fields, photo: files.photo, sound: files.sound, title: title(fields), seen: at.toISOString(), on: at.toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }), why: "" };
    if (!store(queue().concat([one]))) return tell(refusal, "手机的存储空间满了，这一条没有存下，请清理后再报。");
    clean(); list();
    tell(done, navigator.onLine ? "已存下，正在发送。" : "已存在这部手机上，有网络时自动发送。");
    tries = 0; go();
  });
  byId("leave").addEventListener("submit", function (event) {
    const left = queue().length;
    if (left && !window.confirm("还有" + left + "条没有发出。退出后仍留在这部手机上，您下次登录后自动发送。确定退出吗？")) event.preventDefault();
  });
  window.addEventListener("online", function () { tries = 0; go(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { tries = 0; go(); } });

  try {
    const kept = JSON.parse(localStorage.getItem(place + ":draft") || "null");
    if (kept) fill(kept);
  } catch (error) { /* a closed or broken store: begin anew */ }
  form.addEventListener("input", draft);
  form.addEventListener("change", draft);
  list(); go();
  if (navigator.serviceWorker) navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/grid/" }).catch(() => undefined);
})();
