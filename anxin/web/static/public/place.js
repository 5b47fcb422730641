// Tells the rough place of this scan when its owner touches the button and says yes. Everything works without it.
"use strict";
(function () {
  const form = document.getElementById("place");
  if (!form || !("geolocation" in navigator) || !window.isSecureContext) return;
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(function (position) {
      const told = new URLSearchParams({
        visit: form.dataset.visit,
        latitude: position.coords.latitude.toFixed(2),
        longitude: position.coords.longitude.toFixed(2),
      });
      fetch(form.dataset.action, { method: "POST", body: told }).then(function (answer) {
        if (!answer.ok) return;
        form.hidden = true;
        document.getElementById("place-thanks").hidden = false;
      });
    }, function () { form.hidden = true; }, { maximumAge: 600000, timeout: 20000 });
  });
})();
