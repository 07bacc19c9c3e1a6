// The tuner: a person points at an item of a page, and the server says which list
// that is. Here are only numbers of elements, and what the server answered; how
// a recipe comes of it is decided there.
//
// The page stands in a frame that runs no scripts and asks for nothing. This
// script runs in the console's own page and looks into the frame from outside.
(function () {
  'use strict';
  var box = document.getElementById('tuner');
  if (!box) { return; }
  var frame = document.getElementById('frame'), form = document.getElementById('save');
  var by = function (id) { return document.getElementById(id); };
  var say = function (name) { return box.getAttribute('data-say-' + name); };
  var picks = { rows: [], title: 0, date: 0 };
  var current = null;   // the recipe that is shown
  var asked = 0;        // the question whose answer is waited for

  function doc() { return frame.contentDocument; }

  // Marks in the frame.
  var marks = ['xc-row', 'xc-title', 'xc-day', 'xc-newest'];
  function unmark(classes) {
    classes.forEach(function (c) {
      Array.from(doc().getElementsByClassName(c)).forEach(function (e) { e.classList.remove(c); });
    });
  }
  function at(n) { return n ? doc().querySelector('[data-n="' + n + '"]') : null; }
  function mark(items, newest) {
    unmark(marks);
    var first = null;
    items.forEach(function (x) {
      var row = at(x.row), title = at(x.title), date = at(x.date);
      if (row) { row.classList.add('xc-row'); first = first || row; }
      if (title) { title.classList.add('xc-title'); }
      if (date) { date.classList.add('xc-day'); }
      if (row && newest && x.date && x.day === newest) { newest = ''; row.classList.add('xc-newest'); }
    });
    return first;
  }

  // Elements like one: same name, same classes, and a parent of the same kind.
  function kind(e) { return e.localName + '.' + Array.from(e.classList).filter(function (c) { return c.indexOf('xc-') !== 0; }).sort().join('.'); }
  function like(e) {
    if (!e.parentElement) { return []; }
    var own = kind(e), up = kind(e.parentElement);
    return Array.from(doc().getElementsByTagName(e.localName)).filter(function (x) {
      return x.parentElement && kind(x) === own && kind(x.parentElement) === up;
    });
  }
  function hover(e) {
    unmark(['xc-over', 'xc-like']);
    by('over').textContent = '';
    if (!e || !e.dataset || !e.dataset.n) { return; }
    var same = like(e);
    same.slice(0, 500).forEach(function (x) { x.classList.add('xc-like'); });
    e.classList.remove('xc-like');
    e.classList.add('xc-over');
    by('over').textContent = e.localName + ' · ' + same.length + ' ' + say('like');
  }
  function numbered(e) {
    while (e && !(e.dataset && e.dataset.n)) { e = e.parentElement; }
    return e;
  }

  // Questions to the server.
  function ask(path, what, done) {
    what.id = box.dataset.id;
    what.source = box.dataset.source;
    what.page = Number(box.dataset.page);
    return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what) })
      .then(function (r) {
        return r.json().then(function (v) { return { ok: r.ok, v: v }; }, function () { return { ok: false, v: { error: say('error') } }; });
      }, function () { return { ok: false, v: { error: say('error') } }; })
      .then(function (r) { done(r.ok, r.v); });
  }
  function tell(text, wrong) {
    by('said').textContent = text;
    by('said').classList.toggle('wrong', !!wrong);
  }
  function attempt(what, after) {
    var mine = ++asked;
    tell(say('wait'));
    what.before = !by('before-word').textContent;
    ask('/tuner/try', what, function (ok, v) {
      if (mine !== asked) { return; } // a later question was asked meanwhile
      if (!ok) { tell(v.error, true); by('detail').textContent = ''; return; }
      show(v);
      if (after) { after(v); }
    });
  }

  // What was answered.
  function rows(body, items) {
    body.textContent = '';
    items.slice(0, 60).forEach(function (x) {
      var tr = document.createElement('tr'), date = document.createElement('td'), title = document.createElement('td');
      date.className = 'date';
      date.textContent = x.day;
      title.textContent = x.title;
      if (x.source) { title.title = x.source; }
      tr.append(date, title);
      body.append(tr);
    });
  }
  function normal(s) {
    s.items = s.items.map(function (x) { return { day: x.date, title: x.title, source: x.source, row: x.place.row, titleAt: x.place.title, dateAt: x.place.date }; });
    return s;
  }
  function words(s) {
    var text = s.word + ' · ' + s.count + ' ' + say('items') + say('comma') + s.dated + ' ' + say('dated');
    if (s.newest) { text += ' · ' + say('newest') + ' ' + s.newest; }
    return text;
  }
  function show(v) {
    var after = normal(v.after);
    current = v.recipe;
    by('confidence').textContent = v.confidence || '—';
    by('confidence').title = v.why || '';
    by('yaml').textContent = v.yaml;
    v.fields.forEach(function (f) {
      var input = by('fields').querySelector('[name="' + f.Key + '"]');
      if (input) { input.value = f.Value; }
    });
    tell(words(after), !after.ok);
    by('detail').textContent = after.ok ? '' : after.detail;
    by('after-word').textContent = words(after);
    by('part-item').textContent = [v.recipe.list, v.recipe.item].filter(Boolean).join(' › ');
    by('part-title').textContent = v.recipe.title || say('first');
    by('part-date').textContent = v.recipe.date || say('row');
    by('count-item').textContent = after.count;
    by('count-title').textContent = after.items.length ? after.count + ' / ' + after.count : '0';
    by('count-date').textContent = after.dated + ' / ' + after.count;
    var example = after.items.find(function (x) { return x.source; });
    by('example').textContent = example ? example.source : '';
    rows(by('after'), after.items);
    if (v.before) {
      var before = normal(v.before);
      by('before-word').textContent = before.count ? words(before) : before.word || say('empty');
      rows(by('before'), before.items);
    }
    var first = mark(after.items.map(function (x) { return { row: x.row, title: x.titleAt, date: x.dateAt, day: x.day }; }), after.newest);
    form.elements.recipe.value = JSON.stringify(v.recipe);
    form.elements.newest.value = after.newest;
    by('diff').disabled = !after.ok;
    if (by('saver')) { by('saver').disabled = !after.ok || by('saver').dataset.locked === '1'; }
    by('shown-diff').hidden = true;
    if (v.suggestions) { suggestions(v.suggestions); }
    return first;
  }
  function suggestions(all) {
    var list = by('suggestions');
    list.textContent = '';
    list.hidden = all.length < 2;
    all.forEach(function (s) {
      var li = document.createElement('li'), b = document.createElement('button');
      b.type = 'button';
      b.textContent = s.confidence + ' · ' + s.label;
      b.addEventListener('click', function () { attempt({ recipe: s.recipe }, effects); });
      li.append(b);
      list.append(li);
    });
  }

  // What the recipe would do to the columns beside this one.
  var affected = 0;
  function effects(v) {
    by('effects').textContent = '';
    if (!v.after.ok) { return; }
    var mine = ++affected;
    ask('/tuner/effects', { recipe: v.recipe }, function (ok, e) {
      if (mine !== affected) { return; }
      var target = by('effects');
      target.textContent = '';
      var p = document.createElement('p');
      p.textContent = ok ? e.sentence : e.error;
      target.append(p);
      if (!ok || !e.lines.length) { return; }
      var details = document.createElement('details'), summary = document.createElement('summary'), scroll = document.createElement('div'), table = document.createElement('table'), body = document.createElement('tbody');
      summary.textContent = say('columns');
      scroll.className = 'scroll';
      scroll.tabIndex = 0;
      table.className = 'plain';
      e.lines.forEach(function (x) {
        var tr = document.createElement('tr'), name = document.createElement('th'), what = document.createElement('td');
        name.scope = 'row';
        name.textContent = x.name;
        if (x.kind === 'mended' && by('saver')) {
          var label = document.createElement('label'), pick = document.createElement('input');
          pick.type = 'checkbox';
          pick.name = 'also';
          pick.value = x.id;
          pick.setAttribute('form', 'save');
          label.append(pick, ' ' + say('also') + ' ' + x.name);
          name.textContent = '';
          name.append(label);
          details.open = true;
        }
        what.className = x.kind;
        what.textContent = x.word + say('colon') + x.before + ' → ' + x.after;
        tr.append(name, what);
        body.append(tr);
      });
      table.append(body);
      scroll.append(table);
      details.append(summary, scroll);
      target.append(details);
    });
  }

  // Pointing.
  function stage() { return document.querySelector('[name="stage"]:checked').value; }
  function setStage(value) { document.querySelector('[name="stage"][value="' + value + '"]').checked = true; }
  function point(e) {
    var n = Number(e.dataset.n);
    var s = stage();
    if (s === 'row') { picks = { rows: [n], title: 0, date: 0 }; } else if (s === 'title') { picks.title = n; } else { picks.date = n; }
    if (!picks.rows.length) { picks.rows = [n]; }
    attempt({ point: picks }, function (v) {
      if (s === 'row') { setStage('title'); } else if (s === 'title') { setStage('date'); }
      tell(by('said').textContent + say('stop') + say('next'), !v.after.ok);
      effects(v);
    });
  }
  function ready() {
    var d = doc();
    if (!d || !d.body || d.documentElement.dataset.ready) { return; }
    d.documentElement.dataset.ready = '1';
    d.documentElement.classList.add('xc-pointing');
    d.addEventListener('mouseover', function (e) { hover(numbered(e.target)); });
    d.addEventListener('mouseleave', function () { hover(null); });
    d.addEventListener('click', function (e) {
      e.preventDefault();
      var on = numbered(e.target);
      if (on) { point(on); }
    }, true);
    attempt({ recipe: fields() }, box.dataset.of === 'proposal' ? effects : null);
  }
  function fields() {
    var r = {};
    by('fields').querySelectorAll('input').forEach(function (i) { if (i.value.trim()) { r[i.name] = i.value.trim(); } });
    return r;
  }

  by('suggest').addEventListener('click', function () { attempt({ suggest: true }, effects); });
  by('try').addEventListener('click', function () { attempt({ recipe: fields() }, effects); });
  by('reset').addEventListener('click', function () { picks = { rows: [], title: 0, date: 0 }; setStage('row'); });
  by('diff').addEventListener('click', function () {
    ask('/tuner/diff', { recipe: current }, function (ok, v) {
      by('shown-diff').hidden = false;
      var out = by('diff-lines');
      out.textContent = '';
      by('diff-samples').textContent = '';
      if (!ok) { by('diff-file').textContent = v.error; return; }
      by('diff-file').textContent = v.file + ' @@ ' + v.from;
      v.lines.forEach(function (l) {
        var line = document.createElement('div');
        line.className = l.mark === '+' ? 'add' : l.mark === '-' ? 'del' : '';
        line.textContent = l.mark + l.text;
        out.append(line);
      });
      if (v.own.length) { by('diff-samples').textContent = say('own') + v.own.join(say('list')); }
      if (v.others.length) { by('diff-samples').textContent = say('others') + v.others.join(say('list')); }
    });
  });
  frame.addEventListener('load', ready);
  if (doc() && doc().readyState === 'complete') { ready(); }
})();
