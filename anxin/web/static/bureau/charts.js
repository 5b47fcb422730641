// Charts: data come from a JSON block beside them, sizes from the style sheet, and every mark opens its rows.
(function () {
  "use strict";

  var INK = "#56616f";
  var font = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';

  function yuan(value) {
    return "¥" + value.toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  function wages(place, data) {
    var chart = echarts.init(place, null, { renderer: "canvas" });
    var many = data.months.length > 6;
    var names = data.names || ["应发到手（工资表实发）", "已到账（银行回单）"];
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: font },
      aria: { enabled: true },
      color: ["#9db4c6", "#1d5b86"],
      grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, right: 0, itemWidth: 14, textStyle: { color: INK } },
      // The content security policy forbids inline styles, so the tooltip is drawn and not marked up.
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" },
        valueFormatter: yuan },
      xAxis: { type: "category", data: data.months, axisTick: { show: false },
        axisLine: { lineStyle: { color: "#c3ccd6" } },
        axisLabel: { color: INK, rotate: many && place.clientWidth < 520 ? 50 : 0 } },
      yAxis: { type: "value", name: "万元", nameTextStyle: { color: INK, align: "left", padding: [0, 0, 0, -20] },
        splitLine: { lineStyle: { color: "#e8ecf0" } },
        axisLabel: { color: INK, formatter: function (value) { return String(Math.round(value / 100) / 100); } } },
      series: [
        { name: names[0], type: "bar", data: data.promised, barMaxWidth: 26 },
        { name: names[1], type: "bar", data: data.paid, barMaxWidth: 26,
          itemStyle: { decal: { symbol: "none" } } }
      ]
    });
    if (!data.address) return;
    chart.getZr().on("click", function (event) {
      var at = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]);
      var month = at && data.months[at[0]];
      if (month) window.location.assign(data.address + month);
    });
    chart.getZr().on("mousemove", function (event) {
      chart.getZr().setCursorStyle(chart.containPixel("grid", [event.offsetX, event.offsetY]) ? "pointer" : "default");
    });
  }

  // What stood open at the end of each week by level, and what came and went in it.
  function trend(place, data) {
    var chart = echarts.init(place, null, { renderer: "canvas" });
    var ink = data.dark ? "#c7d3df" : INK, line = data.dark ? "#2c4156" : "#e8ecf0";
    var colours = data.dark ? ["#ff7468", "#ffab5c", "#f2d65c", "#6fb2f5"] : ["#c4362b", "#d97a1f", "#cda91c", "#3f7fbf"];
    var series = data.levels.map(function (level, index) {
      return { name: level.name, type: "bar", stack: "open", data: level.values, barMaxWidth: 26,
        itemStyle: { color: colours[index] } };
    });
    function flow(name, values, colour, symbol, dash) {
      return { name: name, type: "line", data: values, symbol: symbol, symbolSize: 6,
        itemStyle: { color: colour }, lineStyle: { color: colour, type: dash, width: 2 } };
    }
    series.push(flow("新发出", data.opened, data.dark ? "#ffffff" : "#1d2733", "circle", "solid"));
    series.push(flow("消除", data.cleared, data.dark ? "#5fd08f" : "#2b7a4b", "triangle", "dashed"));
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: font },
      aria: { enabled: true },
      grid: { left: 8, right: 12, top: place.clientWidth < 520 ? 64 : 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, textStyle: { color: ink } },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: { type: "category", data: data.weeks, axisTick: { show: false },
        axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink } },
      yAxis: { type: "value", minInterval: 1,
        splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink } },
      series: series
    });
  }

  // One coming pay day as each night saw it: what is asked for, what is there or to come, and the chance of a miss.
  function forecast(place, data) {
    var chart = echarts.init(place, null, { renderer: "canvas" });
    function thousands(value) { return String(Math.round(value / 100) / 100); }
    function money(name, values, colour, more) {
      return Object.assign({ name: name, data: values, itemStyle: { color: colour }, tooltip: { valueFormatter: function (value) { return value == null ? "未知" : yuan(value); } } }, more);
    }
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: font },
      aria: { enabled: true },
      grid: { left: 8, right: 8, top: place.clientWidth < 520 ? 72 : 52, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, textStyle: { color: INK } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      xAxis: { type: "category", data: data.nights, axisTick: { show: false },
        axisLine: { lineStyle: { color: "#c3ccd6" } }, axisLabel: { color: INK } },
      yAxis: [
        { type: "value", name: "万元", nameTextStyle: { color: INK, align: "left", padding: [0, 0, 0, -20] },
          splitLine: { lineStyle: { color: "#e8ecf0" } }, axisLabel: { color: INK, formatter: thousands } },
        { type: "value", min: 0, max: 100, splitLine: { show: false },
          axisLabel: { color: INK, formatter: "{value}%" } }
      ],
      series: [
        money("可用余额", data.money, "#1d5b86", { type: "bar", stack: "money", barMaxWidth: 18 }),
        money("预计到账", data.expected, "#d9b64a", { type: "bar", stack: "money", barMaxWidth: 18 }),
        money("应发", data.need, "#1d2733", { type: "line", step: "middle", symbol: "none", lineStyle: { color: "#1d2733", width: 2 } }),
        { name: "发不足的可能性", type: "line", yAxisIndex: 1, data: data.chance, symbolSize: 5,
          itemStyle: { color: "#c4362b" }, lineStyle: { color: "#c4362b", type: "dashed", width: 2 },
          tooltip: { valueFormatter: function (value) { return value == null ? "暂不给出" : value + "%"; } } }
      ]
    });
  }

  var kinds = { wages: wages, trend: trend, forecast: forecast };

  function inside(root, work) {
    root.querySelectorAll("[data-chart]").forEach(function (place) { work(place, echarts.getInstanceByDom(place)); });
  }
  function draw() {
    inside(document, function (place, chart) {
      if (chart) return;
      var data = JSON.parse(document.getElementById(place.dataset.source).textContent);
      kinds[place.dataset.chart](place, data);
    });
  }
  draw();
  window.addEventListener("resize", function () {
    inside(document, function (place, chart) { if (chart) chart.resize(); });
  });
  // A part of the page that is fetched again brings its charts anew.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.shouldSwap) inside(event.detail.target, function (place, chart) { if (chart) chart.dispose(); });
  });
  document.addEventListener("htmx:afterSettle", draw);
})();
