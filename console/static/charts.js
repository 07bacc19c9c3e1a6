// Charts are drawn after the page is there. <div class="canvas" data-src="/route"
// data-kind="nights"></div> stands for a chart of the numbers that the route gives
// as JSON; the table of the same numbers stands beside it in the page.
(function () {
  'use strict';
  var library = document.currentScript.dataset.echarts;
  var dark = matchMedia('(prefers-color-scheme: dark)');

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); }

  // nights: {"days": [...], "series": [{"name", "state", "values", "href"}]}; one row
  // of bars from zero for each series, labelled with its name and its last value.
  function nights(data) {
    var soft = colour('soft'), line = colour('line'), n = data.series.length, high = 100 / n;
    var option = {
      animation: false, textStyle: { fontFamily: 'inherit', color: soft },
      tooltip: {
        trigger: 'axis', renderMode: 'richText', backgroundColor: colour('ink'), borderWidth: 0, padding: [4, 8],
        textStyle: { color: colour('paper'), fontSize: 12 }, axisPointer: { type: 'shadow', link: [{ xAxisIndex: 'all' }] }
      },
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      grid: [], xAxis: [], yAxis: [], series: [], title: []
    };
    data.series.forEach(function (s, i) {
      var last = i === n - 1, c = colour(s.state);
      option.grid.push({ left: 4, right: 4, top: i * high + 12 + '%', height: high - (last ? 26 : 16) + '%' });
      option.title.push({
        text: s.name + '  {n|' + (s.values.length ? s.values[s.values.length - 1] : '') + '}', left: 0, top: i * high + '%', padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal', color: c, rich: { n: { fontSize: 13, fontWeight: 'bold', color: c } } }
      });
      option.xAxis.push({
        type: 'category', gridIndex: i, data: data.days, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
        axisLabel: { show: last, color: soft, fontSize: 11, showMinLabel: true, hideOverlap: true }
      });
      option.yAxis.push({ type: 'value', gridIndex: i, min: 0, minInterval: 1, show: false, max: function (v) { return Math.max(v.max, 1); } });
      option.series.push({
        name: s.name, type: 'bar', xAxisIndex: i, yAxisIndex: i, data: s.values, barCategoryGap: '20%', itemStyle: { color: c }
      });
    });
    return option;
  }

  // dates: {"days": [...], "newest": [...], "states": [...]}: the newest date of one
  // subject, night by night.
  var kinds = { nights: nights };
  window.xunchaCharts = kinds; // a page's own script may add a kind

  function draw(box) {
    fetch(box.dataset.src, { headers: { Accept: 'application/json' } }).then(function (r) {
      if (!r.ok) { throw new Error(r.status); }
      return r.json();
    }).then(function (data) {
      var make = kinds[box.dataset.kind];
      if (!make) { return; }
      var chart = echarts.init(box, null, { renderer: 'canvas' });
      var paint = function () { chart.setOption(make(data), true); };
      paint();
      dark.addEventListener('change', paint);
      new ResizeObserver(function () { chart.resize(); }).observe(box);
      addEventListener('beforeprint', function () { chart.resize(); });
    }).catch(function () { box.textContent = box.dataset.failed || ''; });
  }

  function start() {
    var boxes = document.querySelectorAll('.canvas[data-src]');
    if (!boxes.length) { return; }
    var s = document.createElement('script');
    s.src = library;
    s.onload = function () { boxes.forEach(draw); };
    document.head.append(s);
  }
  if (document.readyState === 'complete') { start(); } else { addEventListener('load', start); }
})();
