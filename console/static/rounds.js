// Live progress of the round under way: each event is the piece of the page as it
// stands. Once the round has ended the page is loaded again.
(function () {
  'use strict';
  var live = document.getElementById('live');
  if (!live || !window.EventSource) { return; }
  var said = document.getElementById('live-said'), tenth = -1;
  var source = new EventSource(live.dataset.src);
  source.onmessage = function (e) {
    live.innerHTML = e.data;
    var bar = live.querySelector('progress'), now = bar ? Math.floor(bar.value / 10) : 0;
    if (said && now !== tenth) { // not at every step
      tenth = now;
      said.textContent = live.querySelector('p').textContent;
    }
  };
  source.addEventListener('end', function () {
    source.close();
    location.reload();
  });
})();
