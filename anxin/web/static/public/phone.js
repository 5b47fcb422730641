// What pages share that keep things on a phone until there is a network: pictures and recordings in IndexedDB, pictures made
// smaller before they are sent, a recorder, and an answer that is certainly ours.
"use strict";
(function () {
  if (!window.fetch || !window.FormData || !window.Promise) return;
  let blobs = {};

  function word() {
    const bytes = new Uint8Array(18);
    crypto.getRandomValues(bytes);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
  const keep = (id, blob) => { blobs[id] = blob; return within("readwrite", (files) => files.put(blob, id)).catch(() => undefined); };
  const drop = (id) => { delete blobs[id]; return within("readwrite", (files) => files.delete(id)).catch(() => undefined); };
  const find = (id) => (blobs[id] ? Promise.resolve(blobs[id]) : within("readonly", (files) => files.get(id)).catch(() => undefined));

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
  // a data: address, because the page may show nothing else
  function shown(blob, image) {
    const reader = new FileReader();
    reader.onload = () => { image.src = reader.result; };
    reader.readAsDataURL(blob);
  }
  // The button appears where the phone can record; ``done`` gets the recording, ``refuse`` a sentence.
  function recorder(button, done, refuse) {
    if (!window.MediaRecorder || !navigator.mediaDevices || !window.isSecureContext) return;
    let running = null, asked = false;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (running) return running.stop();
      if (asked) return undefined; // the phone's question is still open
      asked = true;
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
        const parts = [];
        asked = false;
        running = new MediaRecorder(stream);
        const end = setTimeout(() => running && running.stop(), 300000);
        running.ondataavailable = (event) => parts.push(event.data);
        running.onstop = function () {
          clearTimeout(end); // it must not cut off the next one
          stream.getTracks().forEach((track) => track.stop());
          done(new Blob(parts, { type: running.mimeType }));
          running = null;
          button.textContent = "再录一段"; button.classList.remove("is-on");
        };
        running.start();
        button.textContent = "正在录音，说完再按一下"; button.classList.add("is-on");
      }, () => { asked = false; button.hidden = true; refuse("手机没有允许录音，可以写字，或选一段录好的音。"); });
    });
  }

  function post(address, body) {
    return fetch(address, { method: "POST", body: body, headers: { Accept: "application/json" } }).then(function (answer) {
      const says = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      // A server in front of ours may say when to come again, in seconds.
      if (!says) throw { after: Number(answer.headers.get("Retry-After")) || 0 };
      return answer.json().then((told) => ({ status: answer.status, told: told }));
    });
  }

  window.anxinPhone = { word, keep, drop, find, smaller, shown, post, recorder };
})();
