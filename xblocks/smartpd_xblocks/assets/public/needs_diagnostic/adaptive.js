/* An adaptive test: one question at a time. An answer is given by a button, because it stays; it is kept on the device
   until the server has it, and only then is there a next question. `page` is what needs_diagnostic.js lends. */
window.SmartPDAdaptive = (page) => {
  "use strict";
  const { root, words, args } = page;
  const section = root.querySelector('[data-screen="adaptive"]');
  const place = section.querySelector("[data-question]");
  const bar = section.querySelector("[data-adaptive-bar]");
  const button = section.querySelector("[data-give]");
  let given = null; /* the answer on its way: {item, option} */
  let sending = false;
  let durable = true;
  const retry = SmartPD.again(send, root);

  const field = () => place.querySelector("[data-item]");
  const hold = (held) => {
    field().querySelectorAll("input, select").forEach((input) => { input.disabled = held; });
    button.disabled = held;
  };
  const keep = () => {
    const answers = given ? { [given.item]: given.option } : {};
    durable = SmartPD.store.keep(args.storageKey, given ? { version: args.version, attempt: page.attempt(), answers } : null);
  };
  const kept = (item) => {
    const record = SmartPD.store.read(args.storageKey);
    const same = record && record.version === args.version && record.attempt === page.attempt();
    return same && record.answers ? record.answers[item] : undefined;
  };

  function show(data) {
    if (data.result !== undefined) {
      page.finished(data.result);
      return;
    }
    place.innerHTML = data.html;
    bar.value = data.number - 1;
    button.disabled = false;
    page.show("adaptive");
    page.focusOn(place.querySelector("h3"));
    const option = kept(data.item);
    if (option !== undefined) {
      page.choose(field(), option);
      give();
    }
  }
  function give() {
    const option = page.chosen(field());
    if (!option) {
      page.complain(words.choose);
      field().querySelector("input, select").focus();
      return;
    }
    page.complain("");
    given = { item: field().dataset.item, option };
    hold(true);
    keep();
    send();
  }
  function send() {
    retry.stop();
    if (sending || !given) return;
    sending = true;
    page.say("saving", words.saving);
    page.post("give_answer", { ...given }).then((reply) => {
      sending = false;
      if (reply.kind === "later" || reply.kind === "away") {
        page.say("waiting", durable ? words.waiting : words.storage);
        if (reply.kind === "later") retry.later();
        else page.refuse(reply);
        return;
      }
      given = null;
      keep();
      retry.done();
      if (reply.kind === "done") {
        page.say("saved", words.saved);
        page.complain("");
        show(reply.data);
      } else {
        page.say("", "");
        if (reply.kind === "refused") hold(false);
        page.refuse(reply);
      }
    });
  }
  button.addEventListener("click", give);
  window.addEventListener("beforeunload", (event) => {
    if (!durable && given) { event.preventDefault(); event.returnValue = ""; }
  });
  return { start: () => page.ask("take_up", show) };
};
