// Small helps for pages that work without them: marking all rows of a table, night
// strips by keyboard and by touch, and what becomes of a filter that is refused.
(function () {
  'use strict';

  // <input type="checkbox" data-all="id" hidden> marks every box of that name in
  // its form.
  function marks(root) {
    root.querySelectorAll('input[data-all]').forEach(function (all) {
      all.hidden = false;
      var boxes = function () { return all.form ? all.form.querySelectorAll('input[name="' + all.dataset.all + '"]') : []; };
      all.addEventListener('change', function () {
        boxes().forEach(function (b) { b.checked = all.checked; });
      });
    });
  }

  // A strip that has the focus: the arrows go from night to night, and what the
  // night was is shown and said.
  var tip, said;
  function hide() {
    if (tip) { tip.remove(); tip = null; }
    document.querySelectorAll('.strip rect.at').forEach(function (r) { r.classList.remove('at'); });
  }
  function show(cell) {
    hide();
    cell.classList.add('at');
    tip = document.createElement('div');
    tip.className = 'tip';
    tip.textContent = cell.querySelector('title').textContent;
    document.body.append(tip);
    var box = cell.getBoundingClientRect(), wide = tip.offsetWidth;
    tip.style.left = Math.max(4, Math.min(box.left + scrollX - wide / 2, scrollX + document.documentElement.clientWidth - wide - 4)) + 'px';
    tip.style.top = box.bottom + scrollY + 6 + 'px';
    if (!said) {
      said = document.createElement('div');
      said.className = 'hidden';
      said.setAttribute('aria-live', 'polite');
      document.body.append(said);
    }
    said.textContent = tip.textContent;
  }
  document.addEventListener('focusout', function (e) {
    var at = document.querySelector('.strip rect.at'), left = e.target.closest ? e.target.closest('.strip') : null;
    if (at && left && left.contains(at)) { hide(); } // not what a finger has just chosen in another
  });

  // Under a finger nothing hovers: the night nearest to it is shown, until one
  // touches something else.
  document.addEventListener('pointerdown', function (e) {
    var strip = e.target.closest ? e.target.closest('.strip') : null;
    if (!strip) { hide(); return; }
    var away = function (c) { var b = c.getBoundingClientRect(); return Math.abs((b.left + b.right) / 2 - e.clientX); };
    var cells = Array.from(strip.querySelectorAll('rect')).sort(function (a, b) { return away(a) - away(b); });
    if (cells[0]) { show(cells[0]); }
  });
  document.addEventListener('keydown', function (e) {
    var strip = e.target.closest ? e.target.closest('.strip') : null;
    if (!strip) { return; }
    var cells = Array.from(strip.querySelectorAll('rect'));
    var at = cells.findIndex(function (c) { return c.classList.contains('at'); });
    var to = { ArrowLeft: at < 0 ? cells.length - 1 : at - 1, ArrowRight: at < 0 ? 0 : at + 1, Home: 0, End: cells.length - 1 }[e.key];
    if (e.key === 'Escape') { hide(); return; }
    if (to === undefined || !cells[to]) { return; }
    e.preventDefault();
    show(cells[to]);
  });

  // On a phone the filters are folded away until one wants them.
  function fold() {
    if (!matchMedia('(max-width: 720px)').matches) { return; }
    document.querySelectorAll('details.fold').forEach(function (d) { d.open = false; });
  }

  // Addresses that people send to each other hold only what was chosen.
  document.addEventListener('htmx:configRequest', function (e) {
    var form = e.detail.formData;
    if (e.detail.verb !== 'get' || !form) { return; }
    Array.from(form.keys()).forEach(function (k) { if (form.get(k) === '') { form.delete(k); } });
  });

  // What is refused is no piece of a page: it is shown whole, with the sentence why.
  // Who has been logged out is led to the log-in by the answer itself.
  ['htmx:responseError', 'htmx:sendError'].forEach(function (name) {
    document.addEventListener(name, function (e) {
      if (e.detail.requestConfig.verb === 'get') { location.assign(e.detail.pathInfo.finalRequestPath); }
    });
  });

  // The frame does not change with the list: whoever changes the language comes back
  // to what is filtered now.
  document.addEventListener('submit', function (e) {
    if (e.target.getAttribute('action') === '/language') { e.target.elements.to.value = location.pathname + location.search; }
  });

  // A menu closes when one looks elsewhere.
  document.addEventListener('click', function (e) {
    document.querySelectorAll('details.menu[open]').forEach(function (d) { if (!d.contains(e.target)) { d.open = false; } });
  });
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') { return; }
    document.querySelectorAll('details.menu[open]').forEach(function (d) { d.open = false; d.querySelector('summary').focus(); });
  });

  // On a phone the navigation is wider than the window: where one is stands in it.
  var here = document.querySelector('.top nav [aria-current]');
  if (here) { here.scrollIntoView({ inline: 'center', block: 'nearest' }); }

  fold();
  marks(document);
  document.addEventListener('htmx:afterSwap', function (e) { marks(e.target); });
  document.addEventListener('htmx:historyRestore', function () { fold(); marks(document); });
})();
