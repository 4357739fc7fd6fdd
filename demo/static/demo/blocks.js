// Texts and problems of the demo course.
(function () {
  'use strict';

  function post(url, body) {
    var token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token ? token[1] : '' },
      body: JSON.stringify(body),
    });
  }

  // Complete after five seconds on screen, as on the platform.
  window.DemoText = function (runtime, element) {
    var url = runtime.handlerUrl(element, 'publish_completion');
    var timer = null;
    var watch = new IntersectionObserver(function (entries) {
      var visible = entries[entries.length - 1].isIntersecting;
      if (!visible) { clearTimeout(timer); timer = null; return; }
      if (timer) { return; }
      timer = setTimeout(function () { watch.disconnect(); post(url, {}).catch(function () {}); }, 5000);
    });
    watch.observe(element);
  };

  window.DemoProblem = function (runtime, element) {
    var form = element.querySelector('form');
    var notice = element.querySelector('.demo-feedback > .smartpd-notice');
    var show = element.querySelector('.demo-show');
    var buttons = element.querySelectorAll('button');

    function tell(kind, strong, words) {
      notice.hidden = false;
      notice.className = 'smartpd-notice smartpd-notice-' + kind;
      notice.querySelector('strong').textContent = strong;
      notice.querySelector('span').textContent = words;
    }

    function paint(state) {
      tell(state.solved ? 'success' : 'warning', state.solved ? form.dataset.right : form.dataset.wrong, state.feedback);
      element.querySelector('.demo-attempts').textContent = state.attempts;
      var answer = element.querySelector('.demo-answer');
      answer.hidden = !state.right_answer;
      answer.querySelector('strong').textContent = state.right_answer;
      show.hidden = Boolean(state.right_answer);
    }

    function send(suffix, body) {
      buttons.forEach(function (button) { button.disabled = true; });
      return post(runtime.handlerUrl(element, 'xmodule_handler', suffix), body)
        .then(function (response) {
          return response.json().then(function (data) {
            if (response.ok) { paint(data); } else { tell('error', '', data.error); }
          });
        })
        .catch(function () { tell('error', '', form.dataset.notSaved); })
        .finally(function () { buttons.forEach(function (button) { button.disabled = false; }); });
    }

    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var answer = new FormData(form).get('answer');
      if (!answer) { tell('warning', '', form.dataset.choose); return; }
      send('problem_check', { answer: answer });
    });
    show.addEventListener('click', function () { send('problem_show', {}); });
  };
})();
