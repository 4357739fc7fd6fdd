// Starts the scripts of the blocks on this page, as the LMS and Studio do.
(function () {
  'use strict';

  // In Studio blocks get jQuery's wrapping of their element, in the LMS the element itself.
  var inStudio = window.DemoStudio || null;

  function node(element) { return element.jquery || Array.isArray(element) ? element[0] : element; }

  var runtime = {
    handlerUrl: function (element, handler, suffix, query) {
      var block = node(element).closest('.xblock');
      var url = block.dataset.handlers + handler + (suffix ? '/' + suffix : '');
      if (inStudio) { return url + '/?' + (query || ''); }
      return url + (query ? '?' + query : '');
    },
    notify: function (name, data) { if (inStudio) { inStudio.notify(name, data || {}); } },
    children: function () { return []; },
    childMap: function () { return null; },
  };

  document.querySelectorAll('.xblock[data-init]').forEach(function (element) {
    var start = window[element.dataset.init];
    if (typeof start !== 'function') { return; }
    var args = element.querySelector(':scope > .xblock-json-init-args');
    new start(runtime, inStudio ? window.jQuery(element) : element, args ? JSON.parse(args.textContent) : {});
  });
})();
