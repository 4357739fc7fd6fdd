/* The learner's role: saved at once; what could not be saved goes back and says so. */
window.SmartPDNeedsRole = (root, url, args) => {
  "use strict";
  const box = root.querySelector("[data-role]");
  const select = box.querySelector("select");
  const state = box.querySelector(".smartpd-state");
  const { words } = args;
  let saved = select.value;
  const tell = (kind, text) => {
    state.dataset.state = kind;
    state.textContent = text;
  };
  select.addEventListener("change", async () => {
    const role = select.value;
    tell("saving", words.saving);
    const answer = await SmartPD.post(url, { role }, { page: args.storageKey });
    if (answer.kind === "done") {
      saved = role;
      tell("saved", words.saved);
      return;
    }
    if (select.value === role) select.value = saved;
    tell("error", answer.text || words.failed);
  });
};
