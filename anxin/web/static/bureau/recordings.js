// Records a passage in the browser and puts the recording into the file field of its form, to be heard before it is saved.
"use strict";
(function () {
  if (!window.anxinPhone || !window.DataTransfer) return;
  document.querySelectorAll("form.recording").forEach(function (form) {
    const said = form.querySelector(".recorded"), field = form.querySelector("[name=sound]");
    function say(words) { said.textContent = words; said.hidden = false; }
    window.anxinPhone.recorder(form.querySelector("[data-record]"), function (blob) {
      const ending = /mp4/.test(blob.type) ? "m4a" : /ogg/.test(blob.type) ? "ogg" : "webm";
      const put = new DataTransfer();
      put.items.add(new File([blob], "录音." + ending, { type: blob.type }));
      field.files = put.files;
      say("录好了，共" + Math.max(1, Math.round(blob.size / 1024)) + "KB。按“保存”，再在上面听一遍。");
    }, say);
  });
})();
