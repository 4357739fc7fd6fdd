/* Parts of the editor of questions: elements, fields with a place for what is wrong, words in three languages, answers. */
window.SmartPDEdit = window.SmartPDEdit || (() => {
  "use strict";
  const LANGUAGES = [["en", "English"], ["ru", "Русский"], ["uz", "Oʻzbekcha"]];
  let numbers = 0;

  const el = (tag, props, ...children) => {
    const node = document.createElement(tag);
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    Object.entries(props || {}).forEach(([name, value]) => {
      if (value === undefined || value === null || value === false) return;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "value" || name === "checked") node[name] = value;
      else node.setAttribute(name, value === true ? "" : value);
    });
    return node;
  };
  const button = (text, onclick, props) => el("button", { type: "button", class: "smartpd-button", onclick, ...props }, text);
  /* A small button; `whole` is what it is called where its text alone does not say enough. */
  const small = (text, whole, onclick, props) => button(text, onclick, { class: "smartpd-edit-small", "aria-label": whole, title: whole, ...props });

  /* A control with its label and the place where its problem is said. */
  const field = (path, label, control, props) => {
    numbers += 1;
    const id = `smartpd-edit-${numbers}`;
    control.id = id;
    control.setAttribute("aria-describedby", `${id}-problem`);
    const problem = el("p", { class: "smartpd-form-problem", id: `${id}-problem`, "data-edit-problem": true, hidden: true });
    const check = control.type === "checkbox";
    const name = el("label", { for: id, class: check ? "smartpd-edit-check" : "smartpd-edit-label" }, check ? [control, " ", label] : label);
    return el("div", { class: "smartpd-edit-field", "data-path": path, ...props }, name, check ? null : control, problem);
  };

  /* Controls that write into `object[key]` and tell it by `edit.touch`. */
  const line = (edit, object, key, props) => el("input", {
    class: "smartpd-input", type: "text", value: object[key] ?? "", ...props,
    oninput: (event) => {
      if (event.target.value === "" && !(props && props.keep)) delete object[key];
      else object[key] = event.target.value;
      edit.touch();
    },
  });
  const number = (edit, object, key, props) => line(edit, object, key, { inputmode: "decimal", autocomplete: "off", ...props, class: "smartpd-input smartpd-form-number" });
  const tick = (edit, object, key, { by = false, then } = {}) => el("input", {
    type: "checkbox", checked: String(object[key] ?? by) === "true",
    onchange: (event) => {
      if (event.target.checked === by) delete object[key];
      else object[key] = event.target.checked;
      edit.touch();
      if (then) then();
    },
  });
  const choice = (edit, object, key, options, then) => el("select", {
    class: "smartpd-input", value: object[key] ?? "",
    onchange: (event) => {
      if (event.target.value === "") delete object[key];
      else object[key] = event.target.value;
      edit.touch();
      if (then) then();
    },
  }, options.map(([value, text]) => el("option", { value }, text)));

  /* Words of `object[key]`, language beside language; `optional` ones go when all are empty. */
  const words = (edit, object, key, label, path, { rows = 2, optional = false } = {}) => el(
    "div", { class: "smartpd-edit-words", role: "group", "aria-label": label, "data-path": path },
    LANGUAGES.map(([lang, language]) => field(`${path}.${lang}`, [`${label}, `, el("span", { lang }, language)], el(rows > 1 ? "textarea" : "input", {
      class: "smartpd-input", rows: rows > 1 ? rows : undefined, type: rows > 1 ? undefined : "text", lang, dir: "auto",
      value: (object[key] || {})[lang] || "",
      oninput: (event) => {
        const text = { ...(object[key] || Object.fromEntries(LANGUAGES.map(([each]) => [each, ""]))), [lang]: event.target.value };
        object[key] = text;
        if (optional && !Object.values(text).some((each) => each.trim())) delete object[key];
        edit.touch();
      },
    }))),
    el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }),
  );

  const swap = (list, from, to) => {
    if (to < 0 || to >= list.length) return false;
    [list[from], list[to]] = [list[to], list[from]];
    return true;
  };
  /* An id that is not among `taken`: letters for answers, numbered for all else. */
  const freeId = (taken, stem = "") => {
    for (let number = 1; ; number += 1) {
      const id = stem ? `${stem}${number}` : String.fromCharCode(96 + number);
      if (!taken.includes(id)) return id;
    }
  };
  const nothing = () => Object.fromEntries(LANGUAGES.map(([lang]) => [lang, ""]));

  /* Answers: a list of id, points and words. `how`: points (a number each), right (yes or no), order, survey. */
  const options = (edit, list, path, how, redraw) => {
    const { w } = edit;
    const act = (index, key, change) => () => {
      edit.keep();
      change();
      edit.touch();
      redraw(`${path}.${key}`);
    };
    const row = (option, index) => {
      const place = `${path}.${index}`;
      const fill = (text) => SmartPD.fill(text, { number: index + 1 });
      const right = el("input", {
        type: "checkbox", checked: Number(option.points) > 0,
        onchange: (event) => { option.points = event.target.checked ? 1 : 0; edit.touch(); },
      });
      const worth = how === "right" ? field(`${place}.points`, w.right, right) : how === "points" ? field(`${place}.points`, w.points, number(edit, option, "points", { keep: true }))
        : how === "survey" ? field(`${place}.exclusive`, w.exclusive, tick(edit, option, "exclusive")) : null;
      return el("li", { class: "smartpd-edit-option", "data-path": place },
        words(edit, option, "text", fill(w.option), `${place}.text`),
        el("div", { class: "smartpd-edit-row" }, worth,
          small("↑", fill(w.option_up), act(index, index - 1, () => swap(list, index, index - 1)), { disabled: index === 0, "data-key": `${path}.${index}` }),
          small("↓", fill(w.option_down), act(index, index + 1, () => swap(list, index, index + 1)), { disabled: index === list.length - 1 }),
          small("✕", fill(w.option_delete), act(index, Math.max(0, index - 1), () => list.splice(index, 1)), { disabled: list.length < 3 })),
        el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }));
    };
    return el("div", { "data-path": path },
      el("ol", { class: "smartpd-edit-options" }, list.map(row)),
      el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }),
      small(`+ ${w.option_add}`, w.option_add, act(0, list.length, () => {
        const option = { id: freeId(list.map(({ id }) => id)), text: nothing() };
        if (how === "points" || how === "right") option.points = 0;
        list.push(option);
      })));
  };

  /* Says each problem at the field with its path, or at the nearest one around it; what has no place is given back. */
  const place = (box, problems) => {
    box.querySelectorAll("[data-edit-problem]").forEach((each) => { each.hidden = true; each.textContent = ""; });
    box.querySelectorAll("[data-path] [aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
    return problems.filter(({ path, text }) => {
      for (let parts = path.split("."); parts.length && parts[0]; parts = parts.slice(0, -1)) {
        const found = [...box.querySelectorAll("[data-path]")].find((each) => each.dataset.path === parts.join("."));
        const line_ = found && (found.querySelector(":scope > [data-edit-problem]") || found.querySelector("[data-edit-problem]"));
        if (line_) {
          line_.hidden = false;
          line_.textContent = line_.textContent ? `${line_.textContent}\n${text}` : text;
          for (let around = found.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
          const control = found.querySelector("input, textarea, select");
          if (control) control.setAttribute("aria-invalid", "true");
          return false;
        }
      }
      return true;
    });
  };

  return { LANGUAGES, el, button, small, field, line, number, tick, choice, words, options, swap, freeId, nothing, place };
})();
