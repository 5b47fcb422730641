// Keeps what is filled in on the phone, sends it once when there is a network, and its pictures after it, one by one.
// Everything works without this file as long as the network holds.
"use strict";
(function () {
  const form = document.getElementById("form");
  if (!form || !window.anxinPhone) return;
  const { word, keep, drop, find, smaller, shown, post, recorder } = window.anxinPhone;
  const place = "anxin-draft:" + location.pathname;
  const byId = (id) => document.getElementById(id);
  const refusal = byId("refusal"), waiting = byId("waiting"), send = byId("send"), clear = byId("clear");
  const KEPT = ["site", "region", "owes", "much", "text", "trade", "name", "phone", "helped"];
  // editing: being filled in; sending: to be sent; files: has its receipt, pictures still to follow
  let draft = { key: word(), state: "editing", fields: {}, files: [], receipt: "" };
  let timer = 0, busy = false, tries = 0, step = null;
  document.documentElement.classList.add("by-script");

  // --- what is kept on the phone: words in localStorage, pictures and recordings in IndexedDB
  function store() {
    try { localStorage.setItem(place, JSON.stringify(draft)); } catch (error) { /* a full or closed store */ }
  }
  function forget() {
    try { localStorage.removeItem(place); } catch (error) { /* closed */ }
    draft.files.forEach((one) => drop(one.id));
  }

  function read() {
    const data = new FormData(form);
    draft.fields = {};
    KEPT.forEach((name) => { if (data.get(name)) draft.fields[name] = data.get(name); });
    clear.hidden = !Object.keys(draft.fields).length && !draft.files.length;
  }
  function fill() {
    const people = draft.fields.people; // a draft of the page as it was, which asked for them alone
    if (people) draft.fields.much = (draft.fields.much ? draft.fields.much + "，" : "") + people + "个人";
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
  function choose(kind, blob) {
    const one = { id: word(), kind: kind };
    draft.files.push(one);
    return keep(one.id, blob).then(() => { read(); store(); list(); });
  }
  function list() {
    const chosen = byId("chosen");
    chosen.textContent = "";
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
        find(one.id).then((blob) => blob && shown(blob, image));
        row.append(image);
      } else row.append("录音" + (place + 1));
      row.append(off);
      chosen.append(row);
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

  // --- sending
  function refuse(sentence, field) {
    const named = field && form.querySelector('[name="' + field + '"]');
    // beside what it is about: the form is longer than a small screen
    if (sentence) (named ? (named.type === "radio" ? named.closest("fieldset") : named) : form).before(refusal);
    refusal.textContent = sentence;
    refusal.hidden = !sentence;
    if (!sentence) return;
    (named && named.type !== "radio" ? named : refusal).focus();
    refusal.scrollIntoView({ block: "center" });
  }
  function wait(sentence, seconds) {
    const shown = draft.state === "files" ? byId("files-left") : waiting;
    shown.textContent = sentence; shown.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(go, 1000 * seconds);
  }
  const later = () => Math.min(60, 4 * Math.pow(2, tries++)) + 3 * Math.random();
  // 429: this phone has come too often; 503: the office is busy. Both say after how many seconds to come again.
  const notYet = (got) => got.status === 429 || got.status === 503;

  function body() {
    const data = new FormData();
    data.append("key", draft.key);
    data.append("opened", draft.opened || form.elements.opened.value);
    data.append("website", form.elements.website.value);
    if (step) { data.append("step_ticket", step.ticket); data.append("step_pressed", step.pressed); }
    Object.keys(draft.fields).forEach((name) => data.append(name, draft.fields[name]));
    if (draft.files.some((one) => one.kind === "sound")) data.append("voice_follows", "yes");
    if (draft.files.some((one) => one.kind === "picture")) data.append("photos_follow", "yes");
    return data;
  }
  // this phone keeps no cookie, and many such have come from its address: a sum, and one button sends it
  function ask(told) {
    waiting.textContent = told.refusal + " " + told.step.question;
    told.step.choices.forEach(function (number) {
      const button = document.createElement("button");
      button.type = "button"; button.className = "go"; button.textContent = number;
      button.addEventListener("click", function () {
        step = { ticket: told.step.ticket, pressed: number };
        waiting.textContent = "正在提交……";
        go();
      });
      waiting.append(button);
    });
    waiting.hidden = false;
    waiting.scrollIntoView({ block: "center" });
  }
  function edit() {
    draft.state = "editing"; waiting.hidden = true; send.disabled = false; store();
  }
  function sendForm() {
    return post(form.action, body()).then(function (got) {
      if (got.status === 200) {
        draft.receipt = got.told.receipt; draft.asReport = got.told.as_report; draft.state = "files"; tries = 0;
        store(); show();
        return;
      }
      if (got.told.step) return ask(got.told);
      if (notYet(got)) {
        draft.until = Date.now() + 1000 * got.told.seconds;  // also for a page that is opened again meanwhile
        store();
        return wait(got.told.refusal + " 到时会自动再交。", got.told.seconds);
      }
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
        if (notYet(got)) return wait("附件还在手机上，过一会儿自动再发。", got.told.seconds);
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
    byId("as-report").hidden = !draft.asReport;
    byId("receipt").querySelector("h1").focus();
    window.scrollTo(0, 0);
  }
  function go() {
    if (busy || (draft.state !== "sending" && draft.state !== "files")) return;
    const early = draft.state === "sending" ? ((draft.until || 0) - Date.now()) / 1000 : 0;
    if (early > 0 && early < 900) return wait("还没有交上去，内容在这部手机上，到时会自动再交。", early);
    busy = true;
    clearTimeout(timer);
    (draft.state === "sending" ? sendForm() : Promise.resolve())
      .then(() => (draft.state === "files" ? sendFile() : undefined))
      .catch(function (error) {
        const words = draft.state === "files" ? "附件还没有发完" : "还没有交上去";
        wait("网络断了，" + words + "。内容已保存在这部手机上，有网时自动再交，不会交两次。", Math.max(later(), (error && error.after) || 0));
      })
      .then(() => { busy = false; });
  }

  form.addEventListener("input", function () { refuse(""); read(); store(); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    read();
    draft.state = "sending"; draft.until = 0; draft.opened = form.elements.opened.value;
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
  fill(); read(); list();
  recorder(byId("record"), (blob) => choose("sound", blob), refuse);
  if (draft.state === "files") { show(); go(); }
  if (draft.state === "sending") { send.disabled = true; go(); }
})();
