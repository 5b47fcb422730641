// Keeps what is filled in on the phone, sends it once when there is a network, and its pictures after it, one by one.
// Everything works without this file as long as the network holds.
"use strict";
(function () {
  const form = document.getElementById("form");
  if (!form || !window.fetch || !window.FormData || !window.Promise) return;
  const place = "anxin-draft:" + location.pathname;
  const byId = (id) => document.getElementById(id);
  const refusal = byId("refusal"), waiting = byId("waiting"), send = byId("send"), clear = byId("clear");
  const KEPT = ["site", "region", "owes", "much", "people", "text", "trade", "kind", "name", "phone", "helped"];
  // editing: being filled in; sending: to be sent; files: has its receipt, pictures still to follow
  let draft = { key: word(), state: "editing", fields: {}, files: [], receipt: "" };
  let blobs = {}, timer = 0, busy = false, tries = 0;
  document.documentElement.classList.add("by-script");

  function word() {
    const bytes = new Uint8Array(18);
    crypto.getRandomValues(bytes);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // --- what is kept on the phone: words in localStorage, pictures and recordings in IndexedDB
  function store() {
    try { localStorage.setItem(place, JSON.stringify(draft)); } catch (error) { /* a full or closed store */ }
  }
  function forget() {
    try { localStorage.removeItem(place); } catch (error) { /* closed */ }
    draft.files.forEach((one) => drop(one.id));
  }
  function base() {
    return new Promise(function (yes, no) {
      if (!window.indexedDB) return no();
      const asked = indexedDB.open("anxin", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("files");
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = no;
    });
  }
  function within(mode, act) {
    return base().then((db) => new Promise(function (yes, no) {
      const asked = act(db.transaction("files", mode).objectStore("files"));
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = no;
    }));
  }
  const keep = (id, blob) => within("readwrite", (files) => files.put(blob, id)).catch(() => undefined);
  const drop = (id) => { delete blobs[id]; return within("readwrite", (files) => files.delete(id)).catch(() => undefined); };
  const find = (id) => (blobs[id] ? Promise.resolve(blobs[id]) : within("readonly", (files) => files.get(id)).catch(() => undefined));

  function read() {
    const data = new FormData(form);
    draft.fields = {};
    KEPT.forEach((name) => { if (data.get(name)) draft.fields[name] = data.get(name); });
    clear.hidden = !Object.keys(draft.fields).some((name) => name !== "kind") && !draft.files.length;
  }
  function fill() {
    KEPT.forEach(function (name) {
      const value = draft.fields[name];
      if (value === undefined) return;
      form.querySelectorAll('[name="' + name + '"]').forEach(function (field) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
        else field.value = value;
      });
    });
  }

  // --- pictures and recordings
  function drawn(file) {
    if (window.createImageBitmap) return createImageBitmap(file);
    return new Promise(function (yes, no) {
      const image = new Image(), reader = new FileReader();
      image.onload = () => yes(image);
      image.onerror = reader.onerror = no;
      reader.onload = () => { image.src = reader.result; };
      reader.readAsDataURL(file);
    });
  }
  // What this phone cannot draw goes as it is; the office says then what is wrong with it.
  function smaller(file) {
    return drawn(file).then((image) => new Promise(function (yes) {
      const part = Math.min(1, 1600 / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * part);
      canvas.height = Math.round(image.height * part);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => yes(blob && blob.size < file.size ? blob : file), "image/jpeg", 0.8);
    })).catch(() => file);
  }
  function choose(kind, blob) {
    const one = { id: word(), kind: kind };
    blobs[one.id] = blob;
    draft.files.push(one);
    return keep(one.id, blob).then(() => { read(); store(); list(); });
  }
  function list() {
    const shown = byId("chosen");
    shown.textContent = "";
    draft.files.forEach(function (one, place) {
      const row = document.createElement("li"), off = document.createElement("button");
      off.type = "button"; off.textContent = "删除";
      off.setAttribute("aria-label", "删除第" + (place + 1) + "个附件");
      off.addEventListener("click", function () {
        draft.files = draft.files.filter((other) => other !== one);
        drop(one.id); read(); store(); list();
      });
      if (one.kind === "picture") {
        const image = document.createElement("img");
        image.alt = "照片" + (place + 1);
        // a data: address, because the page may show nothing else
        find(one.id).then(function (blob) {
          if (!blob) return;
          const reader = new FileReader();
          reader.onload = () => { image.src = reader.result; };
          reader.readAsDataURL(blob);
        });
        row.append(image);
      } else row.append("录音" + (place + 1));
      row.append(off);
      shown.append(row);
    });
  }
  byId("photos").addEventListener("change", function () {
    const most = Number(byId("chosen").dataset.most);
    const free = most - draft.files.filter((one) => one.kind === "picture").length;
    const files = Array.from(this.files);
    this.value = "";
    if (files.length > free) refuse("照片最多" + most + "张，请挑最清楚的。");
    files.slice(0, Math.max(free, 0)).reduce((before, file) => before.then(() => smaller(file)).then((blob) => choose("picture", blob)), Promise.resolve());
  });
  byId("voice").addEventListener("change", function () {
    const file = this.files[0];
    this.value = "";
    if (file) choose("sound", file);
  });
  function recorder() {
    const button = byId("record");
    if (!window.MediaRecorder || !navigator.mediaDevices || !window.isSecureContext) return;
    let running = null;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (running) return running.stop();
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
        const parts = [];
        running = new MediaRecorder(stream);
        running.ondataavailable = (event) => parts.push(event.data);
        running.onstop = function () {
          stream.getTracks().forEach((track) => track.stop());
          choose("sound", new Blob(parts, { type: running.mimeType }));
          running = null;
          button.textContent = "再录一段"; button.classList.remove("is-on");
        };
        running.start();
        button.textContent = "正在录音，说完再按一下"; button.classList.add("is-on");
        setTimeout(() => running && running.stop(), 300000);
      }, () => { button.hidden = true; refuse("手机没有允许录音，可以写字，或选一段录好的音。"); });
    });
  }

  // --- sending
  function refuse(sentence, field) {
    refusal.textContent = sentence;
    refusal.hidden = !sentence;
    if (!sentence) return;
    const at = field && form.querySelector('[name="' + field + '"]');
    (at && at.type !== "radio" ? at : refusal).focus();
    refusal.scrollIntoView({ block: "center" });
  }
  function wait(sentence, seconds) {
    const shown = draft.state === "files" ? byId("files-left") : waiting;
    shown.textContent = sentence; shown.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(go, 1000 * seconds);
  }
  const later = () => Math.min(60, 4 * Math.pow(2, tries++)) + 3 * Math.random();

  function post(address, body) {
    return fetch(address, { method: "POST", body: body, headers: { Accept: "application/json" } }).then(function (answer) {
      const says = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      if (!says) throw new Error("no answer of ours");
      return answer.json().then((told) => ({ status: answer.status, told: told }));
    });
  }
  function body() {
    const data = new FormData();
    data.append("key", draft.key);
    data.append("opened", draft.opened || form.elements.opened.value);
    data.append("website", form.elements.website.value);
    Object.keys(draft.fields).forEach((name) => data.append(name, draft.fields[name]));
    if (draft.files.some((one) => one.kind === "sound")) data.append("voice_follows", "yes");
    if (draft.files.some((one) => one.kind === "picture")) data.append("photos_follow", "yes");
    return data;
  }
  function edit() {
    draft.state = "editing"; waiting.hidden = true; send.disabled = false; store();
  }
  function sendForm() {
    return post(form.action, body()).then(function (got) {
      if (got.status === 200) {
        draft.receipt = got.told.receipt; draft.state = "files"; tries = 0;
        store(); show();
        return;
      }
      if (got.status === 429) { store(); return wait(got.told.refusal + " 到时会自动再交。", got.told.seconds); }
      if (got.told.already || got.told.other) draft.key = word();
      form.elements.website.value = "";
      edit();
      refuse(got.told.refusal, got.told.field);
    });
  }
  function sendFile() {
    const one = draft.files[0];
    if (!one) return done();
    return find(one.id).then(function (blob) {
      if (!blob) return next(one);
      const data = new FormData();
      data.append("key", draft.key); data.append("file_key", one.id);
      data.append("kind", one.kind); data.append("file", blob, "file");
      wait("文字已收到，正在发送附件，还剩" + draft.files.length + "个，请先不要关掉这一页。", 90);
      return post(form.dataset.files, data).then(function (got) {
        if (got.status === 429) return wait("附件还在手机上，过一会儿自动再发。", got.told.seconds);
        if (got.status !== 200) draft.refused = got.told.refusal;
        tries = 0;
        return next(one);
      });
    });
  }
  function next(one) {
    draft.files = draft.files.filter((other) => other !== one);
    drop(one.id); store();
    return sendFile();
  }
  function done() {
    clearTimeout(timer);
    const shown = byId("files-left");
    shown.textContent = draft.refused || "附件都已收到。";
    shown.className = draft.refused ? "waiting" : "good";
    shown.hidden = !draft.refused && shown.hidden;
    forget();
    draft = { key: word(), state: "sent", fields: {}, files: [], receipt: "" };
  }
  function show() {
    byId("telling").hidden = true;
    byId("told").hidden = false;
    window.anxinReceipt.show(draft.receipt);
    byId("receipt").querySelector("h1").focus();
    window.scrollTo(0, 0);
  }
  function go() {
    if (busy || (draft.state !== "sending" && draft.state !== "files")) return;
    busy = true;
    clearTimeout(timer);
    (draft.state === "sending" ? sendForm() : Promise.resolve())
      .then(() => (draft.state === "files" ? sendFile() : undefined))
      .catch(function () {
        const words = draft.state === "files" ? "附件还没有发完" : "还没有交上去";
        wait("网络断了，" + words + "。内容已保存在这部手机上，有网时自动再交，不会交两次。", later());
      })
      .then(() => { busy = false; });
  }

  form.addEventListener("input", function () { refuse(""); read(); store(); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    read();
    draft.state = "sending"; draft.opened = form.elements.opened.value;
    send.disabled = true; tries = 0;
    refuse("");
    waiting.textContent = "正在提交……"; waiting.hidden = false;
    store();
    go();
  });
  form.addEventListener("reset", function () {
    forget();
    draft = { key: word(), state: "editing", fields: {}, files: [], receipt: "" };
    setTimeout(() => { edit(); read(); list(); refuse(""); }, 0);
  });
  window.addEventListener("online", function () { tries = 0; go(); });

  try {
    const before = JSON.parse(localStorage.getItem(place) || "null");
    if (before && before.key && before.state !== "sent") draft = before;
  } catch (error) { /* a closed or broken store: begin anew */ }
  fill(); read(); list(); recorder();
  if (draft.state === "files") { show(); go(); }
  if (draft.state === "sending") { send.disabled = true; go(); }
})();
