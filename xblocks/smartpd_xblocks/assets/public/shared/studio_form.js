/* The settings form in Studio: sends what was changed, says what is wrong at its field, and asks before changes are lost. */
function SmartPDStudioForm(runtime, element, args) {
  "use strict";
  const host = element.jquery ? element[0] : element;
  const root = host.querySelector(".smartpd-form");
  if (!root) return;
  const { words } = args;
  const facts = root.querySelector("[data-facts]");
  const own = facts ? JSON.parse(facts.dataset.facts) : {};
  const form = root.querySelector("form");
  const one = (selector) => root.querySelector(selector);
  const stateLine = one("[data-state-line]");
  const alertBox = one("[data-alert]");
  const leave = one("[data-leave]");

  /* --- what a control says: a value to send, or a problem --- */
  /* Browsers say in English what is wrong, and each in its own way where: by line and column, or by position. */
  const unreadable = (text, message) => {
    const place = /line (\d+) column (\d+)/.exec(message);
    const at = /position (\d+)/.exec(message);
    if (!place && !at) return words.unreadable;
    const before = at ? text.slice(0, Number(at[1])).split("\n") : [];
    const [line, column] = place ? place.slice(1) : [before.length, before[before.length - 1].length + 1];
    return SmartPD.fill(words.unreadable_at, { line, column });
  };
  const readers = {
    line: (setting) => setting.control.value,
    text: (setting) => setting.control.value,
    choice: (setting) => setting.control.value,
    yes_no: (setting) => setting.control.checked,
    number: (setting) => {
      const text = setting.control.value.trim();
      if (!/^-?\d+$/.test(text)) throw new Error(words.number);
      return Number(text);
    },
    decimal: (setting) => setting.control.value.trim().replace(",", "."),
    json: (setting) => {
      try {
        return JSON.parse(setting.control.value);
      } catch (problem) {
        throw new Error(unreadable(setting.control.value, problem.message));
      }
    },
    own: (setting) => setting.own.read(),
    steps: (setting) => [...setting.box.querySelectorAll("[data-step]")].map((step) => Object.fromEntries(
      [...step.querySelectorAll("[data-lang]")].filter((input) => input.value.trim()).map((input) => [input.dataset.lang, input.value.trim()]),
    )),
  };
  const raw = (setting) => (setting.own ? setting.own.raw() : JSON.stringify([...setting.box.querySelectorAll("[data-control]")].map((control) => (
    control.type === "checkbox" ? control.checked : control.value
  ))));
  const settings = [...root.querySelectorAll("[data-field]")].map((box) => {
    const setting = {
      box,
      name: box.dataset.field,
      kind: box.dataset.kind,
      control: box.querySelector("[data-control]"),
      problem: box.querySelector("[data-problem]"),
      reset: box.querySelector("[data-reset]"),
      back: false,
    };
    return setting;
  });
  const named = (name) => settings.find((setting) => setting.name === name);
  /* Of what a handler says is wrong, by field and path: what is about one field, with the path alone. */
  const about = (name, fields) => Object.entries(fields || {}).filter(([key]) => key === name || key.startsWith(`${name}.`))
    .flatMap(([key, said]) => [].concat(said).map((text) => ({ path: key.slice(name.length + 1), text })));
  /* Controls of a block's own: they say what they hold, show what is wrong, and hear what was saved. */
  settings.filter(({ kind }) => kind === "own").forEach((setting) => {
    const mount = setting.box.querySelector("[data-own]");
    setting.own = window.SmartPDControls[mount.dataset.own]({
      mount,
      own,
      form,
      post: (handler, body) => SmartPD.post(runtime.handlerUrl(element, handler), body),
      control: (name) => named(name).control,
      peer: (name) => named(name).own,
      mine: (fields) => about(setting.name, fields),
      changed: () => mount.dispatchEvent(new Event("input", { bubbles: true })),
    });
  });
  /* What the page came with: whoever was quicker than this script has changed something already. */
  const given = (control) => {
    if (control.type === "checkbox") return control.defaultChecked;
    if (control.tagName !== "SELECT") return control.defaultValue;
    const options = [...control.options];
    return (options.find((option) => option.defaultSelected) || options[0] || control).value;
  };
  settings.forEach((setting) => {
    setting.saved = setting.own ? raw(setting) : JSON.stringify([...setting.box.querySelectorAll("[data-control]")].map(given));
  });
  /* One of many fields: Enter must not save and close the whole form. */
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-own] input:not([type=checkbox], [type=file])")) event.preventDefault();
  });
  const changed = (setting) => setting.back || raw(setting) !== setting.saved;
  const dirty = () => settings.some(changed);

  const tell = (state, text) => {
    stateLine.dataset.state = state;
    stateLine.textContent = text;
  };
  const mark = (setting, text) => {
    setting.problem.hidden = !text;
    setting.problem.textContent = text;
    setting.box.querySelectorAll("[data-control]").forEach((control) => {
      if (text) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
    const folded = setting.box.querySelector("details");
    if (text && folded) folded.open = true;
  };
  const complain = (text, problems) => {
    settings.forEach((setting) => {
      const found = about(setting.name, problems);
      if (setting.own) setting.own.show(found);
      mark(setting, (setting.own ? found.filter(({ path }) => !path) : found).map((each) => each.text).join("\n"));
    });
    alertBox.hidden = !text;
    alertBox.textContent = text;
    const first = settings.find((setting) => problems[setting.name]);
    if (first && first.control) first.control.focus();
  };

  root.addEventListener("input", (event) => {
    const setting = settings.find(({ box }) => box.contains(event.target));
    if (!setting) return;
    setting.back = false;
    if (setting.reset) setting.reset.hidden = false;
    mark(setting, "");
    if (dirty()) tell("waiting", words.unsaved);
    else tell("", "");
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reset]");
    const setting = button && settings.find(({ reset }) => reset === button);
    if (!setting) return;
    if (setting.kind === "yes_no") setting.control.checked = Boolean(button.dataset.reset);
    else setting.control.value = button.dataset.reset;
    setting.back = true;
    mark(setting, "");
    button.hidden = true;
    setting.control.focus();
  });

  /* --- saving --- */
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const values = {};
    const problems = {};
    settings.filter((setting) => changed(setting) && !setting.back).forEach((setting) => {
      try {
        values[setting.name] = readers[setting.kind](setting);
      } catch (problem) {
        problems[setting.name] = problem.message;
      }
    });
    complain("", problems);
    if (Object.keys(problems).length) return;
    const sent = settings.map((setting) => [setting, raw(setting)]);
    busy = true;
    tell("saving", words.saving);
    runtime.notify("save", { state: "start", message: words.saving });
    const defaults = settings.filter(({ back }) => back).map(({ name }) => name);
    const { kind, data, text } = await SmartPD.post(runtime.handlerUrl(element, "submit_studio_edits"), { values, defaults });
    busy = false;
    if (kind === "done") {
      sent.forEach(([setting, value]) => {
        const unchanged = raw(setting) === value;
        if (setting.own && data.own) setting.own.saved(data.own, unchanged);
        setting.saved = unchanged ? raw(setting) : value;
        setting.back = false;
      });
      tell("saved", words.saved);
      runtime.notify("save", { state: "end" });
      return;
    }
    const message = text || (kind === "away" ? words.signin : words.failed);
    tell("error", words.not_saved);
    complain(message, (data && data.fields) || {});
    runtime.notify("error", { title: words.not_saved, message });
  });

  /* --- leaving: Studio itself discards changes without a word --- */
  const close = () => {
    settings.forEach((setting) => {
      setting.saved = raw(setting);
      setting.back = false;
      if (setting.own && setting.own.discarded) setting.own.discarded();
    });
    runtime.notify("cancel", {});
  };
  let before = null;
  const ask = () => {
    before = document.activeElement;
    leave.hidden = false;
    one("[data-stay]").focus();
    leave.scrollIntoView({ block: "nearest" });
  };
  const stay = () => {
    leave.hidden = true;
    if (before && root.contains(before)) before.focus();
  };
  one("[data-stay]").addEventListener("click", stay);
  one("[data-discard]").addEventListener("click", close);
  one(".cancel-button").addEventListener("click", () => (dirty() ? ask() : close()));
  /* On the way down, so before Studio's own listeners; gone with the form. */
  const guarding = (type, listen) => {
    const listener = (event) => {
      if (root.isConnected) listen(event);
      else window.removeEventListener(type, listener, true);
    };
    window.addEventListener(type, listener, true);
  };
  ["keydown", "keyup"].forEach((type) => guarding(type, (event) => {
    if (event.key !== "Escape" || !dirty()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (type === "keyup") return;
    if (leave.hidden) ask();
    else stay();
  }));
  guarding("click", (event) => {
    if (!dirty() || !event.target.closest || !event.target.closest(".action-cancel")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask();
  });
  guarding("beforeunload", (event) => {
    if (!dirty()) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
