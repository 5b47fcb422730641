// Small comforts; every page works without them.
(function () {
  "use strict";

  // A failed request says so instead of leaving the page silent.
  function tell(sentence) {
    var box = document.getElementById("trouble");
    if (!box) return;
    box.textContent = sentence;
    box.hidden = false;
    window.setTimeout(function () { box.hidden = true; }, 8000);
  }
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    tell(status === 403 ? "您的账号没有这一项权限，或页面已失效，请刷新后重试。"
      : status === 404 ? "该内容不存在，或不在您的管辖范围内。"
      : status === 413 ? "文件太大，没有接收。"
      : "操作没有完成，请稍后再试。");
  });
  document.addEventListener("htmx:sendError", function () { tell("网络不通，操作没有提交，请检查网络后重试。"); });

  // Open menus close when one clicks elsewhere or presses Escape.
  function closeMenus(except) {
    document.querySelectorAll(".user-menu[open], .phone-menu[open], .chooser[open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) menu.removeAttribute("open");
    });
  }
  document.addEventListener("click", function (event) { closeMenus(event.target); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") closeMenus(null); });

  // "Select all" in a list, and the count beside its action.
  function countPicked(form) {
    var picked = form.querySelectorAll("input[name=ids]:checked").length;
    form.querySelectorAll("[data-picked]").forEach(function (place) { place.textContent = String(picked); });
  }
  document.addEventListener("change", function (event) {
    var box = event.target;
    var form = box.form;
    if (!form) return;
    if (box.matches("[data-pick-all]")) {
      form.querySelectorAll("input[name=ids]").forEach(function (one) { one.checked = box.checked; });
    }
    if (box.name === "ids" || box.matches("[data-pick-all]")) countPicked(form);
    if (box.matches("[data-submit-on-change]")) form.requestSubmit();
  });

  // Drop a file on the upload form.
  var drop = document.querySelector(".drop");
  if (drop) {
    var field = drop.querySelector("input[type=file]");
    ["dragenter", "dragover"].forEach(function (name) {
      drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("drop-over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      drop.addEventListener(name, function () { drop.classList.remove("drop-over"); });
    });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }

  // A step that is hard to take back asks first.
  document.addEventListener("submit", function (event) {
    var question = event.target.getAttribute("data-confirm");
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A button pressed twice sends once.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 3000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // The steps of a due date open in a window over the page; without script the link leads to their own page.
  var window_ = document.getElementById("window");
  if (window_ && window_.showModal) {
    document.addEventListener("htmx:afterSwap", function (event) {
      if (event.detail.target === window_ && !window_.open) { window_.showModal(); window_.scrollTop = 0; }
    });
    window_.addEventListener("click", function (event) {
      if (event.target === window_ || event.target.closest("[data-close]")) window_.close();
    });
  }

  // A drawing larger than its box shows the present state first.
  function centre(root) {
    root.querySelectorAll("[data-centre]").forEach(function (box) {
      var mark = box.querySelector(box.dataset.centre);
      if (!mark) return;
      var inside = mark.getBoundingClientRect(), outside = box.getBoundingClientRect();
      box.scrollTop += inside.top - outside.top - (outside.height - inside.height) / 2;
      box.scrollLeft += inside.left - outside.left - (outside.width - inside.width) / 2;
    });
  }
  centre(document);
  document.addEventListener("htmx:afterSettle", function () {
    centre(document);
    // A refusal inside a long page comes into view.
    var refused = document.querySelector(".act[open] .alert-danger");
    if (refused) refused.scrollIntoView({ block: "center" });
  });

  // Print buttons.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
