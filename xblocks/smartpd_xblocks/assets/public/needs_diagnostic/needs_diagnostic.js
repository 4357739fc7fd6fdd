/* Needs diagnostic: one area a screen, every answer sent at once and kept on the device until it is saved. */
function SmartPDNeedsDiagnostic(runtime, element, args) {
  'use strict';
  var host = element.querySelector ? element : element[0];
  var root = host.querySelector('.smartpd-needs');
  if (!root || !args || !args.words) { return {}; }
  var words = args.words;
  var steps = all('[data-step]');
  var items = all('[data-item]');
  var status = one('[data-status]');
  var alertBox = one('[data-alert]');
  var current = args.resumeAt;
  var attempt = args.attempt;
  var pending = {};        // item -> option, in the order of giving
  var saved = {};          // item -> option as the server has it
  var sending = false;
  var failures = 0;
  var timer = null;
  var stopped = false;     // the server refuses this page: nothing more is sent
  var durable = true;      // whether the device keeps what is pending

  function one(selector) { return root.querySelector(selector); }
  function all(selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  function inputs(field) { return Array.prototype.slice.call(field.querySelectorAll('input')); }
  function chosen(field) {
    return inputs(field).filter(function (input) { return input.checked; }).map(function (input) { return input.value; })[0];
  }
  function choose(field, option) { inputs(field).forEach(function (input) { input.checked = input.value === option; }); }
  function fieldOf(item) { return items.filter(function (field) { return field.dataset.item === item; })[0]; }
  function isEmpty() { return Object.keys(pending).length === 0; }

  // --- what the learner is told ---------------------------------------------------------------

  function say(state, text) { status.dataset.state = state; status.textContent = text; }
  // The page is long: what became of an answer stands at its question, too.
  function note(item, state, text) {
    var field = fieldOf(item);
    field.dataset.state = state;
    field.dataset.note = text;
    if (!text) { delete field.dataset.note; }
  }
  function complain(text, reload) {
    // Once nothing is sent any more, the reason has to stay in sight.
    if (!text && stopped) { return; }
    alertBox.hidden = !text;
    alertBox.firstElementChild.textContent = text || '';
    one('[data-reload]').hidden = !reload;
  }
  function count() {
    var answered = items.filter(chosen).length;
    one('[data-count]').textContent = fill(words.answered, { answered: answered, total: items.length });
    one('progress').value = answered;
    return items.length - answered;
  }

  // --- screens --------------------------------------------------------------------------------

  function show(name) {
    all('[data-screen]').forEach(function (screen) { screen.hidden = screen.dataset.screen !== name; });
    complain('');
    if (name !== 'steps' && isEmpty()) { say('', ''); }
    if (name === 'steps') { showStep(current); }
  }
  function showStep(number) {
    current = Math.max(1, Math.min(steps.length, number));
    steps.forEach(function (step, index) { step.hidden = index + 1 !== current; });
    var last = current === steps.length;
    one('[data-move="-1"]').disabled = current === 1;
    one('[data-move="1"]').hidden = last;
    one('[data-finish]').hidden = !last;
    focusOn(steps[current - 1].querySelector('h3'));
  }
  function focusOn(target) {
    if (!target) { return; }
    target.focus({ preventScroll: true });
    root.scrollIntoView({ block: 'start' });
    // Inside the learning app the frame is as tall as its content, so the page around it has to scroll.
    if (window.parent !== window && document.referrer) {
      window.parent.postMessage({ offset: Math.max(1, root.getBoundingClientRect().top + window.scrollY) }, document.referrer);
    }
  }
  function showResult(html) {
    one('[data-screen="result"]').innerHTML = html;
    show('result');
    focusOn(one('[data-screen="result"] h3'));
  }

  // --- the server -----------------------------------------------------------------------------

  function post(handler, body) {
    var token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
    var headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    if (token) { headers['X-CSRFToken'] = decodeURIComponent(token[1]); }
    var abort = new AbortController();
    var limit = setTimeout(function () { abort.abort(); }, 20000);
    body.version = args.version;
    body.attempt = attempt;
    return fetch(runtime.handlerUrl(host, handler), {
      method: 'POST', headers: headers, body: JSON.stringify(body), signal: abort.signal, credentials: 'same-origin'
    }).then(function (reply) {
      return reply.json().catch(function () { return {}; }).then(function (data) {
        if (reply.ok) { return data; }
        var text = typeof data.error === 'string' ? data.error : '';
        throw { status: reply.status, text: text };
      });
    }).finally(function () { clearTimeout(limit); });
  }
  function passing(error) { return !error.status || error.status >= 500 || error.status === 429 || error.status === 408; }
  function refuse(error) { complain(error.text || (passing(error) ? words.failed : words.refused), error.status === 409); }

  // --- answers that are not saved yet ---------------------------------------------------------

  function record() {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(args.storageKey) || 'null'); } catch (error) { /* unreadable: begun anew */ }
    return kept && kept.answers && kept.version === args.version && kept.attempt === attempt ? kept.answers : {};
  }
  // The same questions may be open twice: what the other page keeps stays, only what is done with goes.
  function keep(done) {
    try {
      var answers = record();
      Object.keys(done || {}).forEach(function (item) { if (answers[item] === done[item]) { delete answers[item]; } });
      Object.keys(pending).forEach(function (item) { answers[item] = pending[item]; });
      if (Object.keys(answers).length === 0) { localStorage.removeItem(args.storageKey); } else {
        localStorage.setItem(args.storageKey, JSON.stringify({ version: args.version, attempt: attempt, answers: answers }));
      }
      durable = true;
    } catch (error) { durable = false; }
  }
  function recall() {
    try {
      var answers = record();
      items.forEach(function (field) {
        var option = answers[field.dataset.item];
        if (option !== undefined && option !== saved[field.dataset.item]) {
          choose(field, option);
          if (chosen(field) === option) { pending[field.dataset.item] = option; }
        }
      });
      keep(answers);
    } catch (error) { durable = false; }
  }
  function send() {
    clearTimeout(timer);
    timer = null;
    if (sending || stopped || isEmpty()) { return; }
    var item = Object.keys(pending)[0];
    var option = pending[item];
    var done = {};
    done[item] = option;
    sending = true;
    say('saving', words.saving);
    note(item, 'saving', words.saving);
    post('save_answer', { item: item, option: option }).then(function () {
      failures = 0;
      saved[item] = option;
      if (pending[item] === option) { delete pending[item]; }
      note(item, 'saved', words.saved);
      keep(done);
      if (isEmpty()) { say('saved', words.saved); }
    }).catch(function (error) {
      if (passing(error)) {
        failures += 1;
        say('waiting', durable ? words.waiting : words.storage);
        Object.keys(pending).forEach(function (kept) { note(kept, 'waiting', words.kept); });
        timer = setTimeout(send, Math.min(60000, 1000 * Math.pow(2, failures)));
        return;
      }
      say('', '');
      note(item, '', '');
      refuse(error);
      if (error.status === 400) {
        if (pending[item] === option) { delete pending[item]; }
        choose(fieldOf(item), saved[item]);
        count();
      } else {
        stopped = true;
        if (error.status === 409) { done = pending; pending = {}; } else { done = {}; }
      }
      keep(done);
    }).then(function () {
      sending = false;
      if (timer === null) { settle(); send(); }
    });
  }
  // Whoever waits for all answers to be saved is called once nothing is on its way any more.
  var waiting = [];
  function settle() {
    if (!sending && (isEmpty() || stopped)) { waiting.splice(0).forEach(function (done) { done(); }); }
  }
  function whenSaved(then) {
    if (stopped) { complain(words.refused, true); return; }
    if (failures && !isEmpty()) { complain(words.unsaved); send(); return; }
    waiting.push(function () { if (!stopped) { then(); } });
    send();
    settle();
  }

  // --- what the learner does ------------------------------------------------------------------

  root.addEventListener('change', function (event) {
    var field = event.target.closest('[data-item]');
    if (!field || args.locked) { return; }
    var item = field.dataset.item;
    delete pending[item];
    pending[item] = event.target.value;
    complain('');
    count();
    keep();
    if (failures) { note(item, 'waiting', words.kept); }
    all('[data-go="result"]').forEach(function (button) { button.hidden = false; });
    send();
  });
  root.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) { return; }
    if (button.dataset.move) { showStep(current + Number(button.dataset.move)); }
    if (button.dataset.go === 'steps') { show('steps'); }
    if (button.dataset.go === 'result') { partial(); }
    if ('finish' in button.dataset) { finish(); }
    if ('retake' in button.dataset) { retake(); }
    if ('reload' in button.dataset) { window.location.reload(); }
  });
  window.addEventListener('online', send);
  window.addEventListener('beforeunload', function (event) {
    if (!durable && !isEmpty()) { event.preventDefault(); event.returnValue = ''; }
  });

  function partial() {
    whenSaved(function () {
      post('result', {}).then(function (data) { showResult(data.html); }).catch(refuse);
    });
  }
  function finish() {
    var open = count();
    if (open) {
      var first = items.filter(function (field) { return !chosen(field); })[0];
      showStep(steps.indexOf(first.closest('[data-step]')) + 1);
      complain(fill(words.open, { count: open }));
      first.querySelector('input').focus();
      return;
    }
    whenSaved(function () {
      post('finish', {}).then(function (data) { lock(true); showResult(data.html); }).catch(refuse);
    });
  }
  function retake() {
    post('retake', {}).then(function (data) {
      if (data.version !== args.version) { window.location.reload(); return; }
      attempt = data.attempt;
      saved = {};
      items.forEach(function (field) { choose(field, null); note(field.dataset.item, '', ''); });
      lock(false);
      count();
      say('', '');
      current = 1;
      show('steps');
    }).catch(refuse);
  }
  function lock(locked) {
    args.locked = locked;
    items.forEach(function (field) { inputs(field).forEach(function (input) { input.disabled = locked; }); });
    one('[data-finish]').disabled = locked;
  }

  items.forEach(function (field) { if (chosen(field)) { saved[field.dataset.item] = chosen(field); } });
  if (!args.locked) {
    recall();
    count();
    send();
  }
  return {};
}
