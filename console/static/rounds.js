// Live progress of the round under way: each event is the piece of the page as it
// stands. Once the round has ended the page is loaded again. Where nothing more is told
// the page says so, and goes on trying.
(function () {
  'use strict';
  var live = document.getElementById('live');
  if (!live || !window.EventSource) { return; }
  var said = document.getElementById('live-said'), lost = document.getElementById('live-lost'), tenth = -1, pause = 2000;
  function say(why) {
    if (!lost) { return; }
    var text = lost.querySelector('span');
    if (why && (lost.hidden || text.textContent !== text.dataset[why])) { text.textContent = text.dataset[why]; }
    lost.hidden = !why;
  }
  function follow() {
    var source = new EventSource(live.dataset.src);
    source.onmessage = function (e) {
      pause = 2000;
      say('');
      live.innerHTML = e.data;
      var bar = live.querySelector('progress'), now = bar ? Math.floor(bar.value / 10) : 0;
      if (said && now !== tenth) { // not at every step
        tenth = now;
        said.textContent = live.querySelector('p').textContent;
      }
    };
    source.onerror = function () {
      if (source.readyState !== EventSource.CLOSED) { // the browser tries again by itself
        say('again');
        return;
      }
      say('ended'); // it was refused
      setTimeout(follow, pause);
      pause = Math.min(2 * pause, 60000);
    };
    source.addEventListener('end', function () {
      source.close();
      location.reload();
    });
  }
  follow();
})();
