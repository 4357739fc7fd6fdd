// What Studio's own page gives to an editor: notices of the runtime, gettext, the token against forged requests.
(function () {
  'use strict';

  var state = document.getElementById('studio-state');

  function say(kind, words) { state.dataset.state = kind; state.textContent = words; }

  window.gettext = window.gettext || function (words) { return words; };

  window.DemoStudio = {
    notify: function (name, data) {
      if (name === 'cancel') { window.location.assign(state.dataset.back); }
      if (name === 'save' && data.state === 'start') { say('saving', state.dataset.saving); }
      if (name === 'save' && data.state === 'end') { say('saved', state.dataset.saved); }
      if (name === 'error') { say('error', [data.title || state.dataset.notSaved, data.message || ''].join(' ')); }
    },
  };

  window.jQuery.ajaxSetup({
    beforeSend: function (request) {
      var token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
      if (token) { request.setRequestHeader('X-CSRFToken', token[1]); }
    },
  });
})();
