/* What learners choose beside answers: consent, and goals for their largest needs. `page` is what
   needs_diagnostic.js lends. */
window.SmartPDChoices = (page) => {
  "use strict";
  const { root, words } = page;
  const DAY = 86400000;
  const input = (form, name) => form.querySelector(`[name="${name}"]`);
  const busy = new Set();
  const once = (form, handler, body, then) => {
    if (busy.has(form)) return;
    busy.add(form);
    page.post(handler, body).then((reply) => {
      busy.delete(form);
      if (reply.kind === "done") then(reply.data);
      else page.refuse(reply);
    });
  };

  function consent(form) {
    const choices = {};
    form.querySelectorAll("input[type=checkbox]").forEach((box) => { choices[box.name] = box.checked; });
    once(form, "save_consent", { choices }, () => {
      form.querySelector("[data-go=back]").hidden = false;
      page.complain("");
      page.back();
      page.say("saved", words.consent_saved);
    });
  }
  /* When the hours change, so does the day, until the learner has chosen one. */
  function replan(form) {
    const hours = Number(input(form, "hours").value);
    const due = input(form, "due");
    if (!(hours > 0) || due.dataset.chosen) return;
    const weeks = Math.min(52, Math.max(1, Math.ceil(Number(form.dataset.needed) / hours)));
    due.value = new Date(Date.parse(due.min) - DAY + weeks * 7 * DAY).toISOString().slice(0, 10);
  }
  function goal(form, status) {
    const value = (name) => (status === "declined" ? input(form, name).defaultValue : input(form, name).value);
    const body = { competency: form.dataset.goal, status };
    ["hours", "due", "words"].forEach((name) => { body[name] = value(name); });
    once(form, "save_goal", body, (data) => {
      const old = form.closest("details");
      const holder = document.createElement("div");
      holder.innerHTML = data.html;
      const fresh = holder.firstElementChild;
      page.complain("");
      if (!fresh) return;
      old.replaceWith(fresh);
      fresh.open = true;
      fresh.querySelector("summary").focus();
      const state = fresh.querySelector("[data-goal-state]");
      state.dataset.state = "saved";
      window.setTimeout(() => { state.textContent = status === "accepted" ? words.goal_taken : words.goal_left; }, 50);
    });
  }
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if ("consent" in form.dataset) consent(form);
    if (form.dataset.goal) goal(form, (event.submitter && event.submitter.dataset.status) || "accepted");
  });
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-goal]");
    if (!form) return;
    if (event.target.name === "due") event.target.dataset.chosen = "1";
    if (event.target.name === "hours") replan(form);
  });
};
