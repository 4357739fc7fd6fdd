/* Target levels for single competences, and roles with targets of their own. */
(() => {
  "use strict";
  const { LANGUAGES, el, button, field, words, freeId, nothing, place } = window.SmartPDEdit;
  window.SmartPDControls = window.SmartPDControls || {};

  /* The framework of what is going to be asked; `redraw` is called when it becomes another. */
  const following = (tools, redraw) => {
    const id = () => tools.peer("own_instrument").framework();
    let drawn = null;
    const look = () => {
      if (id() === drawn) return;
      drawn = id();
      redraw();
    };
    ["input", "change"].forEach((type) => tools.form.addEventListener(type, look));
    return { look, frame: () => tools.own.frameworks[id()] };
  };
  const levelSelect = (edit, object, key, levels, empty) => el("select", {
    class: "smartpd-input", value: object[key] || "",
    onchange: (event) => {
      if (event.target.value) object[key] = event.target.value;
      else delete object[key];
      edit.touch();
    },
  }, el("option", { value: "" }, empty), levels.map(({ id, name }) => el("option", { value: id }, `${id} (${name})`)));

  /* A level for each competence; `path` leads to `targets` in what is sent. */
  const table = (edit, frame, targets, path) => frame.areas.map((area) => el("fieldset", { class: "smartpd-fieldset" },
    el("legend", { class: "smartpd-edit-label" }, area.title),
    el("div", { class: "smartpd-edit-targets" }, area.homes.map(({ id, title }) => field(
      `${path}${id}`, `${id} ${title}`, levelSelect(edit, targets, id, frame.levels, edit.w.target_default),
    )))));
  /* Without levels for competences that this framework does not have. */
  const known = (targets, frame) => {
    const ids = frame ? frame.areas.flatMap(({ homes }) => homes.map(({ id }) => id)) : [];
    return Object.fromEntries(Object.entries(targets || {}).filter(([id]) => ids.includes(id)));
  };

  window.SmartPDControls.targets = (tools) => {
    const edit = { w: tools.own.words, touch: tools.changed };
    const targets = { ...tools.own.values.targets };
    const box = el("div");
    const { look, frame } = following(tools, () => {
      const now = frame();
      box.replaceChildren(now && now.levels.length
        ? el("details", { open: Object.keys(targets).length > 0 }, el("summary", null, edit.w.targets_open), table(edit, now, targets, ""))
        : el("p", { class: "smartpd-muted" }, edit.w.no_targets));
    });
    tools.mount.append(box);
    look();
    return {
      raw: () => JSON.stringify(targets),
      read: () => known(targets, frame()),
      show: (problems) => { place(box, problems); },
      saved: () => {},
    };
  };

  window.SmartPDControls.roles = (tools) => {
    const { w } = { w: tools.own.words };
    const edit = { w, touch: tools.changed, keep: () => {} };
    const roles = JSON.parse(JSON.stringify(tools.own.values.roles));
    const box = el("div");
    const add = button(w.role_add, () => {
      roles.push({ id: freeId(roles.map(({ id }) => id), "role-"), name: nothing(), targets: {} });
      draw();
      edit.touch();
      box.lastElementChild.querySelector("input").focus();
    });
    const draw = () => {
      const now = frame();
      box.replaceChildren(...(roles.length ? roles.map((role, index) => {
        role.targets ||= {};
        return el("fieldset", { class: "smartpd-fieldset smartpd-edit-option", "data-path": String(index) },
          el("legend", { class: "smartpd-edit-label" }, SmartPD.fill(w.role, { number: index + 1 })),
          words(edit, role, "name", w.role_name, `${index}.name`, { rows: 1 }),
          now && now.levels.length ? [
            field(`${index}.level`, w.role_level, levelSelect(edit, role, "level", now.levels, w.target_default)),
            el("details", null, el("summary", null, w.targets_open), table(edit, now, role.targets, `${index}.targets.`)),
          ] : null,
          el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }),
          button(w.role_delete, () => {
            roles.splice(index, 1);
            draw();
            edit.touch();
            add.focus();
          }));
      }) : [el("p", { class: "smartpd-muted" }, w.role_none)]));
    };
    const { look, frame } = following(tools, draw);
    tools.mount.append(box, add);
    look();
    return {
      raw: () => JSON.stringify(roles),
      read: () => roles.map((role) => ({
        ...role,
        name: Object.fromEntries(LANGUAGES.map(([lang]) => [lang, (role.name[lang] || "").trim()])),
        targets: known(role.targets, frame()),
      })),
      show: (problems) => { place(box, problems); },
      saved: () => {},
    };
  };
})();
