// The receipt can be kept as a picture, copied or printed. Without this file it is copied by hand.
"use strict";
(function () {
  const number = document.getElementById("number");
  if (!number) return;
  const kept = document.getElementById("kept");
  function say(words) { kept.textContent = words; kept.hidden = false; }

  function picture() {
    const canvas = document.createElement("canvas");
    canvas.width = 720; canvas.height = 420;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, 720, 420);
    pen.strokeStyle = "#1f7a3f"; pen.lineWidth = 6; pen.strokeRect(12, 12, 696, 396);
    pen.fillStyle = "#1d2733"; pen.textAlign = "center";
    pen.font = "bold 40px sans-serif"; pen.fillText("欠薪反映回执", 360, 90);
    pen.font = "bold 54px monospace"; pen.fillText(number.textContent.trim(), 360, 200);
    pen.font = "28px sans-serif";
    pen.fillText(new Date().toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" }), 360, 270);
    pen.fillText("凭这16位数字查进度、和承办单位对话", 360, 330);
    pen.fillText("咨询电话 12333", 360, 374);
    return canvas.toDataURL("image/png");
  }

  function copied() {
    const digits = number.textContent.trim();
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(digits);
    }
    const range = document.createRange();
    range.selectNodeContents(number);
    const chosen = window.getSelection();
    chosen.removeAllRanges(); chosen.addRange(range);
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
  }

  document.getElementById("as-picture").addEventListener("click", function () {
    const image = document.getElementById("picture");
    image.src = picture(); image.hidden = false;
    say("长按上面的图片，选“保存图片”。");
  });
  document.getElementById("as-text").addEventListener("click", function () {
    copied().then(() => say("已复制，可以粘贴到备忘录里。"), () => say("没能复制，请抄下这16位数字。"));
  });
  document.getElementById("as-paper").addEventListener("click", () => window.print());

  window.anxinReceipt = {
    show: function (digits) {
      number.textContent = digits;
      document.querySelector(".receipt-acts").hidden = false;
    },
  };
  if (number.textContent.trim()) window.anxinReceipt.show(number.textContent.trim());
})();
