/* Needs diagnostic: one area a screen, every answer sent at once and kept on the device until it is saved. */
function SmartPDNeedsDiagnostic(runtime, element, args) {
  'use strict';
  var host = element.querySelector ? element : element[0];
  var root = host.querySelector('.smartpd-needs');
  if (!root || !args || !args.words) { return {}; }
  var words = args.words;
  var fill = SmartPD.fill;
  var retry = SmartPD.again(send, root);
  var steps = all('[data-step]');
  var GUESS = 'guess';
  var fields = all('[data-item]');
  var items = fields.filter(function (field) { return field.dataset.item !== GUESS; });
  // Buttons of goals carry a status of their own.
  var status = one('p[data-status]');
  var alertBox = one('[data-alert]');
  var current = args.resumeAt;
  var attempt = args.attempt;
  var pending = {};        // item -> option, in the order of giving
  var saved = {};          // item -> option as the server has it
  var sending = false;
  var failures = 0;
  var late = false;        // the result was asked for while answers could not be saved
  var stopped = false;     // the server refuses this page: nothing more is sent
  var durable = true;      // whether the device keeps what is pending

  function one(selector) { return root.querySelector(selector); }
  function all(selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function inputs(field) { return Array.prototype.slice.call(field.querySelectorAll('input, select, textarea')); }
  function isWritten(field) { return field.dataset.kind === 'number' || field.dataset.kind === 'text'; }
  // What may stand empty: that it is empty now is told to the server by an empty answer.
  function mayBeEmpty(field) { return isWritten(field) || field.dataset.kind === 'multiple'; }
  // The answer as the server spells it: ids with "+" between them where there are several. Undefined while it is none.
  function chosen(field) {
    var all = inputs(field);
    if (isWritten(field)) { return all[0].value.trim() || undefined; }
    if (field.dataset.kind === 'order') {
      var placed = [];
      all.forEach(function (input) { if (input.value) { placed[Number(input.value) - 1] = input.dataset.option; } });
      return placed.filter(Boolean).length === all.length ? placed.join('+') : undefined;
    }
    return all.filter(function (input) { return input.checked; }).map(function (input) { return input.value; }).join('+') || undefined;
  }
  function choose(field, answer) {
    var given = answer ? answer.split('+') : [];
    inputs(field).forEach(function (input) {
      if (isWritten(field)) { input.value = answer || ''; }
      else if (input.dataset.option) { input.value = String(given.indexOf(input.dataset.option) + 1 || ''); }
      else { input.checked = given.indexOf(input.value) !== -1; }
    });
  }
  function fieldOf(item) { return fields.filter(function (field) { return field.dataset.item === item; })[0]; }
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
    var needed = items.filter(function (field) { return !('optional' in field.dataset); });
    var answered = needed.filter(chosen).length;
    one('[data-count]').textContent = fill(words.answered, { answered: answered, total: needed.length });
    one('progress').value = answered;
    var left = one('[data-left]');
    if (left && needed.length) {
      var minutes = Math.ceil(args.minutes * (needed.length - answered) / needed.length);
      left.textContent = fill(answered < needed.length ? words.left : words.all, { answered: answered, total: needed.length, minutes: minutes });
    }
    offer();
    // A guess is one only before the first answer.
    var guess = fieldOf(GUESS);
    if (guess) { one('[data-guess]').hidden = answered > 0 || Boolean(args.locked); }
    return needed.length - answered;
  }
  // One way to the result: to finish at the end, to look at it so far before that or once it is finished.
  function offer() {
    var any = items.some(chosen);
    all('[data-go="result"]').forEach(function (button) {
      var ends = button.closest('[data-screen="steps"]') && current === steps.length && !args.locked;
      button.hidden = !any || Boolean(ends);
    });
  }
  // Why what stands in a field cannot be sent; "" where it can.
  function problem(field) {
    var data = field.dataset;
    var answer = chosen(field);
    if (data.kind === 'number' && answer !== undefined) {
      var number = /^-?\d{1,9}(?:[.,]\d{1,9})?$/.test(answer) ? Number(answer.replace(',', '.')) : NaN;
      var wrong = isNaN(number) || ('least' in data && number < Number(data.least)) || ('most' in data && number > Number(data.most));
      return wrong ? fill(words.range, { least: data.least || '…', most: data.most || '…' }) : '';
    }
    if (data.kind === 'multiple' && 'most' in data && answer !== undefined && answer.split('+').length > Number(data.most)) {
      return fill(words.most, { most: data.most });
    }
    return '';
  }
  // "None of these" stands alone, whichever of the two was chosen last.
  function alone(field, last) {
    if (field.dataset.kind !== 'multiple' || !last.checked) { return; }
    inputs(field).forEach(function (input) {
      if (input !== last && ('alone' in last.dataset || 'alone' in input.dataset)) { input.checked = false; }
    });
  }

  // --- screens --------------------------------------------------------------------------------

  function show(name) {
    all('[data-screen]').forEach(function (screen) { screen.hidden = screen.dataset.screen !== name; });
    complain('');
    if (name !== 'steps' && isEmpty()) { say('', ''); }
    if (name === 'steps') { showStep(current); }
  }
  function back() {
    if (args.finished) { partial(); return; }
    show('intro');
    focusOn(one('h2'));
  }
  function showStep(number) {
    current = Math.max(1, Math.min(steps.length, number));
    steps.forEach(function (step, index) { step.hidden = index + 1 !== current; });
    var last = current === steps.length;
    one('[data-move="-1"]').disabled = current === 1;
    one('[data-move="1"]').hidden = last;
    one('[data-finish]').hidden = !last || Boolean(one('[data-screen="steps"] [data-go="result"]') && args.locked);
    offer();
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
  function linkTable() {
    all('[data-csv]').forEach(function (link) { link.href = runtime.handlerUrl(host, 'own_answers'); });
  }
  function showResult(html) {
    one('[data-screen="result"]').innerHTML = html;
    linkTable();
    choices();
    // After an adaptive test the page has the questions only when it is opened again.
    if (!steps.length) { all('[data-screen="result"] [data-go="steps"]').forEach(function (button) { button.hidden = true; }); }
    show('result');
    focusOn(one('[data-screen="result"] h3'));
  }

  // --- the server -----------------------------------------------------------------------------

  function post(handler, body) {
    body.version = args.version;
    body.attempt = attempt;
    return SmartPD.post(runtime.handlerUrl(host, handler), body, { page: args.storageKey, leaving: /^(save|give)_/.test(handler) });
  }
  function refuse(reply) {
    complain(reply.text || (reply.kind === 'later' ? words.failed : words.refused), reply.kind === 'conflict');
  }
  function ask(handler, then) {
    post(handler, {}).then(function (reply) { if (reply.kind === 'done') { then(reply.data); } else { refuse(reply); } });
  }

  // --- answers that are not saved yet ---------------------------------------------------------

  function record() {
    var kept = SmartPD.store.read(args.storageKey);
    return kept && kept.answers && kept.version === args.version && kept.attempt === attempt ? kept.answers : {};
  }
  // The same questions may be open twice: what the other page keeps stays, only what is done with goes.
  function keep(done) {
    var answers = record();
    Object.keys(done || {}).forEach(function (item) { if (answers[item] === done[item]) { delete answers[item]; } });
    Object.keys(pending).forEach(function (item) { answers[item] = pending[item]; });
    var none = Object.keys(answers).length === 0;
    durable = SmartPD.store.keep(args.storageKey, none ? null : { version: args.version, attempt: attempt, answers: answers });
  }
  function recall() {
    var answers = record();
    var done = {};
    // The question of an adaptive test comes later; what is kept for it waits.
    Object.keys(answers).forEach(function (item) { if (!args.adaptive || fieldOf(item)) { done[item] = answers[item]; } });
    fields.forEach(function (field) {
      var option = answers[field.dataset.item];
      if (option !== undefined && option !== saved[field.dataset.item]) {
        choose(field, option);
        if ((chosen(field) || '') === option) { pending[field.dataset.item] = option; }
      }
    });
    keep(done);
  }
  function send() {
    retry.stop();
    if (sending || stopped || isEmpty()) { return; }
    var item = Object.keys(pending)[0];
    var option = pending[item];
    var done = {};
    done[item] = option;
    sending = true;
    say('saving', words.saving);
    note(item, 'saving', words.saving);
    post(item === GUESS ? 'save_guess' : 'save_answer', item === GUESS ? { level: option } : { item: item, option: option }).then(function (reply) {
      sending = false;
      if (reply.kind === 'done') {
        if (failures) { complain(''); }
        failures = 0;
        retry.done();
        saved[item] = option;
        if (pending[item] === option) { delete pending[item]; }
        note(item, 'saved', words.saved);
        if (isEmpty()) {
          say('saved', late && !args.locked && !count() ? words.caught_up : words.saved);
          late = false;
        }
      } else if (reply.kind === 'later' || reply.kind === 'away') {
        failures += 1;
        say('waiting', durable ? words.waiting : words.storage);
        Object.keys(pending).forEach(function (kept) { note(kept, 'waiting', words.kept); });
        // Who has to sign in comes back to this page; asking again and again before is of no use.
        if (reply.kind === 'later') { retry.later(); } else { refuse(reply); }
        return;
      } else {
        say('', '');
        note(item, '', '');
        refuse(reply);
        if (reply.kind === 'refused') {
          if (pending[item] === option) { delete pending[item]; }
          choose(fieldOf(item), saved[item]);
          count();
        } else {
          stopped = true;
          done = pending;
          pending = {};
        }
      }
      keep(done);
      settle();
      send();
    });
  }
  // Whoever waits for all answers to be saved is called once nothing is on its way any more.
  var waiting = [];
  function settle() {
    if (!sending && (isEmpty() || stopped)) { waiting.splice(0).forEach(function (done) { done(); }); }
  }
  function whenSaved(then) {
    if (stopped) { complain(words.refused, true); return; }
    if (failures && !isEmpty()) { late = true; complain(words.unsaved); send(); return; }
    waiting.push(function () { if (!stopped) { then(); } });
    send();
    settle();
  }

  // --- what the learner does ------------------------------------------------------------------

  root.addEventListener('change', function (event) {
    var field = event.target.closest('[data-item]');
    if (!field || args.locked) { return; }
    alone(field, event.target);
    if (fields.indexOf(field) !== -1) { take(field, event.target); }
  });
  // Words are sent a moment after the last key, so that none are lost with the page.
  var typing = 0;
  root.addEventListener('input', function (event) {
    var field = event.target.closest('[data-item]');
    if (!field || args.locked || !isWritten(field)) { return; }
    window.clearTimeout(typing);
    typing = window.setTimeout(function () { if (!problem(field)) { take(field, event.target); } }, 1500);
  });
  function take(field, input) {
    var item = field.dataset.item;
    var wrong = problem(field);
    if (isWritten(field)) { input.setAttribute('aria-invalid', wrong ? 'true' : 'false'); }
    if (wrong) {
      if (field.dataset.kind === 'multiple') { input.checked = false; }
      note(item, 'error', wrong);
      complain(wrong);
      return;
    }
    var answer = chosen(field);
    if (answer === undefined && mayBeEmpty(field) && (saved[item] || pending[item])) { answer = ''; }
    if (answer === undefined || (answer === saved[item] && !(item in pending))) { count(); complain(''); return; }
    delete pending[item];
    pending[item] = answer;
    complain('');
    count();
    keep();
    if (failures) { note(item, 'waiting', words.kept); }
    send();
  }
  root.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) { return; }
    if (button.dataset.move) { showStep(current + Number(button.dataset.move)); }
    if (button.dataset.go === 'steps') {
      // Who looks through what is finished begins at the beginning.
      if (args.finished) { current = 1; }
      if (adaptive && !args.finished && !args.locked) { whenSaved(adaptive.start); } else { show('steps'); }
    }
    // With every question answered there is nothing to show "so far": who wants the result is done.
    if (button.dataset.go === 'result') { if (items.length && !args.locked && !count()) { finish(); } else { partial(); } }
    if (button.dataset.go === 'consent') { show('consent'); focusOn(one('[data-screen="consent"] h3')); }
    if (button.dataset.go === 'back') { back(); }
    if ('finish' in button.dataset) { finish(); }
    if ('retake' in button.dataset) { sure(true); }
    if ('retakeNo' in button.dataset) { sure(false); }
    if ('retakeYes' in button.dataset) { retake(); }
    if ('reload' in button.dataset) { window.location.reload(); }
    if ('print' in button.dataset) { window.print(); }
  });
  window.addEventListener('beforeunload', function (event) {
    if (!durable && !isEmpty()) { event.preventDefault(); event.returnValue = ''; }
  });

  function partial() {
    whenSaved(function () {
      ask('result', function (data) { showResult(data.html); });
    });
  }
  function finish() {
    var open = count();
    if (open) {
      var first = items.filter(function (field) { return !chosen(field); })[0];
      showStep(steps.indexOf(first.closest('[data-step]')) + 1);
      complain(fill(words.open, { count: open }));
      inputs(first)[0].focus();
      return;
    }
    whenSaved(function () {
      ask('finish', function (data) { finished(data.html); });
    });
  }
  function finished(html) {
    args.finished = true;
    lock(true);
    showResult(html);
  }
  // Empty answers cannot be exchanged for the old ones again, so it is asked before.
  function sure(open) {
    one('[data-sure]').hidden = !open;
    one('[data-retake]').setAttribute('aria-expanded', String(open));
    one(open ? '[data-retake-yes]' : '[data-retake]').focus();
  }
  function retake() {
    ask('retake', function (data) {
      if (args.adapts || data.version !== args.version) { window.location.reload(); return; }
      attempt = data.attempt;
      args.finished = false;
      one('[data-screen="intro"] [data-go="steps"]').textContent = words.start;
      saved = {};
      fields.forEach(function (field) { choose(field, null); note(field.dataset.item, '', ''); });
      lock(false);
      count();
      say('', '');
      current = 1;
      show(fieldOf(GUESS) ? 'intro' : 'steps');
    });
  }
  function lock(locked) {
    args.locked = locked;
    items.forEach(function (field) { inputs(field).forEach(function (input) { input.disabled = locked; }); });
    one('[data-finish]').disabled = locked;
    one('[data-reading]').hidden = !args.finished;
  }

  var lent = {
    root: root, words: words, args: args, attempt: function () { return attempt; },
    post: post, ask: ask, refuse: refuse, say: say, complain: complain, show: show, focusOn: focusOn,
    chosen: chosen, choose: choose, finished: finished, back: back,
  };
  var adaptive = args.adaptive ? SmartPDAdaptive(lent) : null;
  // Consent and goals have a script of their own, fetched only where there is a form for it.
  var ready = false;
  function choices() {
    if (ready || !one('form')) { return; }
    if (typeof SmartPDChoices === 'function') { ready = true; SmartPDChoices(lent); return; }
    SmartPD.load(args.choices).then(choices, function () {});
  }
  root.addEventListener('submit', function (event) {
    event.preventDefault();
    if (!ready) { complain(words.failed); choices(); }
  });
  choices();

  fields.forEach(function (field) { if (chosen(field)) { saved[field.dataset.item] = chosen(field); } });
  if (!args.locked) {
    recall();
    count();
    send();
  }
  linkTable();
  if (one('[data-role]')) { SmartPDNeedsRole(root, runtime.handlerUrl(element, 'choose_role'), args); }
  if (typeof SmartPDNeedsDiagnosticTeam === 'function') { SmartPDNeedsDiagnosticTeam(runtime, host, args); }
  return {};
}
