/* The course team's panel of the needs diagnostic: loaded when it is opened; one learner reset or reopened. */
function SmartPDNeedsDiagnosticTeam(runtime, host, args) {
  'use strict';
  var panel = host.querySelector('[data-team]');
  if (!panel || !args.team) { return; }
  var body = panel.querySelector('[data-team-body]');
  var loaded = false;
  var busy = false;

  function one(selector) { return body.querySelector(selector); }
  function say(state, text) {
    var status = one('[data-team-status]');
    if (!status) { return; }
    status.dataset.state = state;
    status.textContent = text;
  }
  function ask(handler, data, then, otherwise) {
    if (busy) { return; }
    busy = true;
    SmartPD.post(runtime.handlerUrl(host, handler), data, { page: args.storageKey }).then(function (reply) {
      busy = false;
      if (reply.kind === 'done') { then(reply.data); } else { otherwise(reply.text || args.team.failed); }
    });
  }
  function complain(text) { say('error', text); }

  function load() {
    ask('team_summary', {}, function (data) {
      loaded = true;
      body.innerHTML = data.html;
      if (one('[data-team-search]')) { find(); }
    }, function (text) { body.firstElementChild.textContent = text; });
  }
  function find(then) {
    say('saving', args.team.loading);
    ask('team_learners', { search: one('[data-team-search]').value }, function (data) {
      one('[data-team-found]').innerHTML = data.html;
      say('', '');
      if (then) { then(); }
    }, complain);
  }
  function sure(row, open) {
    row.querySelector('[data-team-sure]').hidden = !open;
    row.querySelector('[data-team-acts]').hidden = open;
    row.querySelector('[data-team-ask]').setAttribute('aria-expanded', String(open));
    row.querySelector(open ? '[data-team-cancel]' : '[data-team-ask]').focus();
  }
  function act(row, handler) {
    say('saving', args.team.loading);
    ask(handler, { learner: row.dataset.learner }, function (data) {
      find(function () {
        say('saved', data.said);
        one('[data-team-status]').focus();
      });
    }, function (text) {
      complain(text);
      one('[data-team-status]').focus();
    });
  }

  panel.addEventListener('toggle', function () { if (panel.open && !loaded) { load(); } });
  body.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) { return; }
    var row = button.closest('[data-learner]');
    if ('teamFind' in button.dataset) { find(); }
    if ('teamAsk' in button.dataset) { sure(row, true); }
    if ('teamCancel' in button.dataset) { sure(row, false); }
    if (button.dataset.teamDo) { act(row, button.dataset.teamDo); }
  });
  body.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && event.target.matches('[data-team-search]')) { event.preventDefault(); find(); }
    var row = event.key === 'Escape' && event.target.closest('[data-team-sure]');
    if (row) { sure(row.closest('[data-learner]'), false); }
  });
}
