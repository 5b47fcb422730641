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
    window.addEventListener("resize", function () { chart.resize(); });
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

  var kinds = { wages: wages };
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var data = JSON.parse(document.getElementById(place.dataset.source).textContent);
    kinds[place.dataset.chart](place, data);
  });
})();
