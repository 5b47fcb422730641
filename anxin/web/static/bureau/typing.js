// Typing a list off its photograph: the picture is turned and moved, several cells are pasted at once, each cell is checked
// as it is typed, and the draft is kept at the office every few seconds. Without this file the table is a plain form.
"use strict";
(function () {
  const form = document.querySelector(".typing-table"), view = document.querySelector(".typing-view");
  if (!form || !view) return;
  const body = form.querySelector("tbody"), COLUMNS = ["name", "id_number", "phone", "trade", "amount"];
  const byId = (id) => document.getElementById(id);

  // --- the photograph
  const image = view.querySelector("img");
  let zoom = 1, turned = 0, x = 0, y = 0, held = null;
  function draw() { image.style.transform = "translate(" + x + "px," + y + "px) rotate(" + turned + "deg) scale(" + zoom + ")"; }
  const acts = {
    in: () => { zoom = Math.min(zoom * 1.25, 8); }, out: () => { zoom = Math.max(zoom / 1.25, 0.5); },
    left: () => { turned -= 90; }, right: () => { turned += 90; },
    whole: () => { zoom = 1; turned = 0; x = 0; y = 0; },
  };
  document.querySelector(".typing-tools").addEventListener("click", function (event) {
    const act = acts[event.target.dataset.photo];
    if (act) { act(); draw(); }
  });
  view.addEventListener("wheel", function (event) {
    event.preventDefault();
    acts[event.deltaY < 0 ? "in" : "out"](); draw();
  }, { passive: false });
  view.addEventListener("pointerdown", function (event) { held = [event.clientX - x, event.clientY - y]; view.setPointerCapture(event.pointerId); });
  view.addEventListener("pointermove", function (event) {
    if (!held) return;
    x = event.clientX - held[0]; y = event.clientY - held[1]; draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => view.addEventListener(name, () => { held = null; }));
  view.addEventListener("keydown", function (event) {
    const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
    if (step) { x += step[0]; y += step[1]; } else if (event.key === "+" || event.key === "=") acts.in(); else if (event.key === "-") acts.out(); else return;
    event.preventDefault(); draw();
  });

  // --- rows and cells
  const rows = () => Array.from(body.rows);
  const cell = (row, name) => row.querySelector('[name="' + name + '"]');
  const blank = body.rows[body.rows.length - 1].cloneNode(true);
  function add(number) {
    for (let i = 0; i < number && body.rows.length < Number(form.dataset.most); i++) {
      const row = blank.cloneNode(true);
      row.querySelectorAll("input").forEach((one) => { one.value = ""; one.classList.remove("is-unsure", "is-wrong"); });
      row.lastElementChild.textContent = "";
      row.cells[0].firstChild.textContent = String(body.rows.length + 1);
      COLUMNS.forEach((name) => { const one = cell(row, name); one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+/, String(body.rows.length + 1))); });
      body.append(row);
    }
  }
  byId("typing-more").hidden = false;
  byId("typing-more").addEventListener("click", () => add(10));

  // --- what is wrong with a cell, as the server will say it
  const plain = (text) => text.normalize("NFKC").replace(/[\s'’‘`-]/g, "").toUpperCase();
  function wrongNumber(text) {
    if (!text) return "";
    if (text.length !== 18) return "身份证号应为18位，现在是" + text.length + "位";
    if (!/^\d{17}[\dX]$/.test(text)) return "身份证号有不认识的字";
    const date = new Date(Date.UTC(+text.slice(6, 10), +text.slice(10, 12) - 1, +text.slice(12, 14)));
    if (date.getUTCMonth() !== +text.slice(10, 12) - 1 || date.getUTCDate() !== +text.slice(12, 14)) return "身份证号里的出生日期不对";
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((all, one, place) => all + one * Number(text[place]), 0);
    return "10X98765432"[sum % 11] === text[17] ? "" : "身份证号校验位不对，请核对是否抄错";
  }
  // fen, 0 for nothing, NaN for what is no amount
  function fen(text) {
    const said = text.normalize("NFKC").replace(/[\s¥￥]/g, "").replace(/元$/, "");
    if (!said || said === "-" || said === "—" || said === "/") return 0;
    const found = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(万)?$/.exec(said);
    if (!found) return NaN;
    const number = Number(found[1].replace(/,/g, "") + "." + (found[2] || "0"));
    return Math.round(number * (found[3] ? 1000000 : 100));
  }
  function wrongs(row, named, numbered) {
    const name = plain(cell(row, "name").value), id = plain(cell(row, "id_number").value), phone = plain(cell(row, "phone").value);
    const amount = fen(cell(row, "amount").value), some = COLUMNS.some((one) => cell(row, one).value.trim());
    return {
      name: some && !name ? "没有姓名" : named[name] > 1 && !id ? "有同名的人，请补填身份证号" : "",
      id_number: wrongNumber(id) || (numbered[id] > 1 ? "这个身份证号出现了两次" : ""),
      phone: /^\d*$/.test(phone) && phone && phone.length < 7 ? "电话位数太少" : /^1\d+$/.test(phone) && phone.length !== 11 ? "手机号应为11位" : "",
      trade: "",
      amount: /\.\d{3,}/.test(cell(row, "amount").value) ? "小数点后超过两位，是不是逗号" : isNaN(amount) ? "金额不是数字" : amount >= 1e10 ? "金额太大，请核对" : "",
    };
  }
  const yuan = (number) => (number / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  function check() {
    const named = {}, numbered = {};
    let total = 0, people = 0, unsure = 0, bad = 0;
    rows().forEach(function (row) {
      const name = plain(cell(row, "name").value), id = plain(cell(row, "id_number").value);
      if (name) named[name] = (named[name] || 0) + 1;
      if (id) numbered[id] = (numbered[id] || 0) + 1;
    });
    rows().forEach(function (row) {
      const found = wrongs(row, named, numbered), said = Object.keys(found).map((name) => found[name]).filter(Boolean);
      COLUMNS.forEach((name) => { cell(row, name).classList.toggle("is-wrong", !!found[name]); cell(row, name).setAttribute("aria-invalid", String(!!found[name])); });
      const waiting = row.querySelectorAll(".is-unsure").length;
      row.lastElementChild.textContent = said.concat(waiting ? ["待核对" + waiting + "格"] : []).join("；");
      unsure += waiting; bad += said.length ? 1 : 0;
      people += plain(cell(row, "name").value) ? 1 : 0;
      total += fen(cell(row, "amount").value) || 0;
    });
    tell(total, people, unsure, bad);
  }
  function tell(total, people, unsure, bad) {
    const sum = byId("typing-sum"), stated = fen(byId("t-stated").value), known = Number(byId("t-source").selectedOptions[0].dataset.known || 0);
    let words = "已录" + people + "人，合计" + yuan(total) + "元";
    if (known) words += "（名单里这一方已有" + yuan(known) + "元）";
    if (stated) words += total === stated ? "，与名单上写的合计相同" : "，比名单上写的合计" + (total > stated ? "多" : "少") + yuan(Math.abs(total - stated)) + "元";
    const claimed = Number(sum.dataset.claimed || 0);
    if (claimed) words += "。线索里说的是" + yuan(claimed) + "元";
    if (unsure) words += "。还有" + unsure + "格待核对：看着照片，对的按回车，不对的直接改";
    if (bad) words += "。" + bad + "行有要改的";
    sum.textContent = words + "。";
  }

  // --- moving, confirming, pasting
  function sure(input) {
    if (!input.classList.contains("is-unsure")) return;
    input.classList.remove("is-unsure");
    const row = input.closest("tr");
    cell(row, "unsure").value = COLUMNS.filter((name) => cell(row, name).classList.contains("is-unsure")).join(",");
  }
  function go(row, name) {
    const found = body.rows[row];
    if (found) { cell(found, name).focus(); cell(found, name).select(); }
    return !!found;
  }
  form.addEventListener("keydown", function (event) {
    const input = event.target, row = input.closest && input.closest("tbody tr");
    if (!row || !COLUMNS.includes(input.name)) return;
    const place = row.sectionRowIndex;
    if (event.key === "Enter") {
      event.preventDefault();
      const was = input.classList.contains("is-unsure");
      sure(input); check(); later();
      const waiting = was && body.querySelector(".is-unsure");
      if (waiting) { waiting.focus(); waiting.select(); } else if (!was) { if (!body.rows[place + 1]) add(1); go(place + 1, input.name); }
    } else if (event.key === "ArrowDown") { if (go(place + 1, input.name)) event.preventDefault(); }
    else if (event.key === "ArrowUp") { if (place && go(place - 1, input.name)) event.preventDefault(); }
  });
  form.addEventListener("paste", function (event) {
    const input = event.target, row = input.closest && input.closest("tbody tr");
    if (!row || !COLUMNS.includes(input.name)) return;
    const lines = (event.clipboardData.getData("text/plain") || "").replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    if (lines.length === 1 && lines[0].indexOf("\t") < 0) return;
    event.preventDefault();
    const first = row.sectionRowIndex, from = COLUMNS.indexOf(input.name);
    add(Math.max(0, first + lines.length - body.rows.length));
    let lost = 0;
    lines.forEach(function (line, down) {
      const into = body.rows[first + down];
      if (!into) { lost++; return; }
      line.split("\t").forEach(function (text, across) {
        const name = COLUMNS[from + across];
        if (name) { cell(into, name).value = text.trim(); sure(cell(into, name)); }
      });
    });
    check(); later();
    byId("typing-kept").textContent = "已粘贴" + (lines.length - lost) + "行" + (lost ? "，另有" + lost + "行放不下，请记入后再粘贴" : "") + "。";
  });
  form.addEventListener("input", function (event) { if (COLUMNS.includes(event.target.name)) sure(event.target); check(); later(); });

  // --- the draft, at the office
  let timer = 0, leaving = false;
  function later() { clearTimeout(timer); timer = setTimeout(keep, 2000); }
  function keep() {
    if (leaving) return;
    const data = new FormData(form);
    data.append("what", "draft");
    fetch(form.action, { method: "POST", body: data }).then(function (answer) {
      const at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
      byId("typing-kept").textContent = answer.status === 204 ? "草稿已保存（" + at + "），换一台电脑也能接着录。" : "草稿没有保存，请点“记入名单”看原因。";
    }, () => { byId("typing-kept").textContent = "网络断了，草稿还没有保存；请不要关掉这一页。"; timer = setTimeout(keep, 10000); });
  }
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  check();
})();
