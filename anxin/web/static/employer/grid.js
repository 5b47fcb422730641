// The payroll's grid behaves like a spreadsheet: arrows and Enter move, a block from Excel is pasted over the cells,
// and the sums follow. Without it the same form works: the server reckons everything again.
(function () {
  "use strict";
  var form = document.querySelector(".grid-form");
  if (!form) return;
  var paidDays = Number(form.dataset.paidDays);
  var rows = Array.prototype.slice.call(form.querySelectorAll("tbody tr"));
  var taken = ["advance", "tax", "insurance", "other"];

  function cells(row) { return Array.prototype.slice.call(row.querySelectorAll("[data-cell]")); }
  function number(row, name) {
    var text = row.querySelector('[data-cell="' + name + '"]').value.replace(/[,，¥￥\s]/g, "");
    return text === "" ? 0 : Number(text);
  }
  function shown(fen) {
    var sign = fen < 0 ? "-" : "", whole = Math.floor(Math.abs(fen) / 100), rest = Math.abs(fen) % 100;
    return sign + "¥" + String(whole).replace(/\B(?=(\d{3})+$)/g, ",") + "." + (rest < 10 ? "0" : "") + rest;
  }
  // In whole fen; the hundredths of a quantity are counted as whole numbers, so that no sum drifts.
  function net(row) {
    var unit = row.querySelector("select").value;
    var rate = Math.round(number(row, "rate") * 100), hundredths = Math.round(number(row, "quantity") * 100);
    var earned = Math.round(rate * hundredths / 100);
    if (unit === "fixed") earned = rate;
    if (unit === "month") earned = Math.min(rate, Math.round(rate * hundredths / (paidDays * 100)));
    var sum = earned + Math.round(number(row, "extra") * 100) - Number(row.dataset.kept || 0);
    taken.forEach(function (name) { sum -= Math.round(number(row, name) * 100); });
    return sum;
  }
  function reckon() {
    var total = Number(form.dataset.rest || 0), whole = true; // what stands on other pages counts, too
    rows.forEach(function (row) {
      var fen = net(row);
      row.querySelector("[data-net]").textContent = isNaN(fen) ? "—" : shown(fen);
      if (isNaN(fen)) whole = false; else total += fen;
    });
    form.querySelector("[data-total]").textContent = whole ? shown(total) : "—";
  }
  form.addEventListener("input", reckon);
  form.addEventListener("change", reckon);

  function go(rowIndex, cellIndex) {
    var row = rows[rowIndex];
    var cell = row && cells(row)[cellIndex];
    if (cell) { cell.focus(); cell.select(); }
    return Boolean(cell);
  }
  form.addEventListener("keydown", function (event) {
    var cell = event.target;
    if (!cell.matches("[data-cell]")) return;
    var row = rows.indexOf(cell.closest("tr")), column = cells(rows[row]).indexOf(cell);
    var atStart = cell.selectionStart === 0, atEnd = cell.selectionEnd === cell.value.length, moved = false;
    if (event.key === "Enter") { go(row + (event.shiftKey ? -1 : 1), column); moved = true; }
    else if (event.key === "ArrowDown") moved = go(row + 1, column);
    else if (event.key === "ArrowUp") moved = go(row - 1, column);
    else if (event.key === "ArrowLeft" && atStart) moved = go(row, column - 1);
    else if (event.key === "ArrowRight" && atEnd) moved = go(row, column + 1);
    if (moved) event.preventDefault();
  });

  var touched = false;
  form.addEventListener("paste", function (event) {
    var cell = event.target;
    if (!cell.matches("[data-cell]")) return;
    var text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    var first = rows.indexOf(cell.closest("tr")), column = cells(rows[first]).indexOf(cell);
    text.split("\n").forEach(function (line, down) {
      if (!rows[first + down]) return;
      var across = cells(rows[first + down]);
      line.split("\t").forEach(function (value, right) {
        if (across[column + right]) across[column + right].value = value.trim();
      });
    });
    touched = true;
    reckon();
  });

  // What was typed and not saved is not lost by a slip of the hand.
  form.addEventListener("input", function () { touched = true; });
  form.addEventListener("submit", function () { touched = false; });
  window.addEventListener("beforeunload", function (event) { if (touched) event.preventDefault(); });
  reckon();
})();
