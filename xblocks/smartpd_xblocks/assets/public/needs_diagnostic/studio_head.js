/* What stands at the head of a questionnaire: title, introduction, minutes, levels, scales, shared answer scales. */
(() => {
  "use strict";
  const { el, button, small, field, number, words, options, freeId, nothing } = window.SmartPDEdit;

  /* Points that all questions give together, as the analytics counts them. */
  const most = (doc, item) => {
    if (["multiple", "order"].includes(item.type)) return Number(item.worth || 1);
    const list = typeof item.options === "string" ? (doc.option_sets || {})[item.options] : item.options;
    return Math.max(0, ...(list || []).map((option) => Number(option.points) || 0));
  };
  const total = (doc) => (doc.items || []).filter((item) => String(item.active) !== "false").reduce((sum, item) => sum + most(doc, item), 0);

  const cuts = (edit) => {
    const { w, doc } = edit;
    const levels = edit.levels();
    if (!levels.length) return null;
    doc.cut_scores ||= [];
    const points = el("p", { class: "smartpd-muted", "data-points": true });
    edit.count = () => {
      points.textContent = SmartPD.fill(w.points_total, { points: total(doc) });
      if (edit.spreading) spread();
    };
    const inputs = levels.map(({ id, name }, index) => field(`cut_scores.${index}`, SmartPD.fill(w.cut, { level: `${id} (${name})` }), el("input", {
      class: "smartpd-input smartpd-form-number", inputmode: "numeric", value: doc.cut_scores[index] ?? "", readonly: index === 0,
      oninput: (event) => {
        edit.spreading = false;
        doc.cut_scores[index] = event.target.value.trim();
        edit.touch();
      },
    })));
    const spread = () => {
      const whole = total(doc);
      doc.cut_scores = levels.map((_level, index) => Math.max(index, Math.round((whole * index) / levels.length)));
      inputs.forEach((box, index) => { box.querySelector("input").value = doc.cut_scores[index]; });
    };
    edit.count();
    return el("fieldset", { class: "smartpd-fieldset", "data-path": "cut_scores" }, el("legend", { class: "smartpd-edit-label" }, w.cuts), points,
      el("div", { class: "smartpd-edit-row" }, inputs, button(w.spread, () => {
        edit.keep();
        spread();
        edit.touch();
      })), el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }));
  };

  const sets = (edit, redraw) => {
    const { w, doc } = edit;
    const how = doc.kind === "needs_survey" ? "plain" : "points";
    const names = Object.keys(doc.option_sets || {});
    const add = () => {
      edit.keep();
      const name = freeId(names, "scale");
      const scored = how === "points" ? (index) => ({ points: index }) : () => ({});
      doc.option_sets = { ...(doc.option_sets || {}), [name]: [..."abcde"].map((id, index) => ({ id, ...scored(index), text: nothing() })) };
      edit.touch();
      redraw();
    };
    return el("details", null, el("summary", null, w.sets), names.map((name) => el("fieldset", { class: "smartpd-fieldset" },
      el("legend", { class: "smartpd-edit-label" }, SmartPD.fill(w.set_name, { name })),
      options(edit, doc.option_sets[name], `option_sets.${name}`, how, redraw))), small(`+ ${w.set_add}`, w.set_add, add));
  };

  const scales = (edit, redraw) => {
    const { w, doc } = edit;
    if (!doc.scales) return null;
    const change = (act, key) => () => {
      edit.keep();
      act();
      edit.drawList();
      edit.touch();
      redraw(key);
    };
    const row = (scale, index) => {
      /* A scale with questions stays: they would have no place. */
      const used = doc.items.some((item) => item.scale === scale.id);
      const name = SmartPD.fill(w.scale_delete, { title: edit.say(scale.title) || scale.id });
      return el("div", { class: "smartpd-edit-option" },
        words(edit, scale, "title", `${w.scale} ${index + 1}`, `scales.${index}.title`, { rows: 1 }),
        words(edit, scale, "description", `${w.scale} ${index + 1}, ${w.intro}`, `scales.${index}.description`),
        small("✕", name, change(() => doc.scales.splice(index, 1), "scales"), { disabled: used || doc.scales.length < 2 }));
    };
    const add = change(() => doc.scales.push({ id: freeId(doc.scales.map(({ id }) => id), "scale"), title: nothing(), description: nothing() }), `scales.${doc.scales.length}.title`);
    return el("details", { "data-path": "scales", open: doc.scales.some(({ title }) => !edit.say(title)) }, el("summary", null, w.scales),
      doc.scales.map(row), small(`+ ${w.scale_add}`, w.scale_add, add));
  };

  window.SmartPDEdit.headForm = (edit, redraw) => {
    const { w, doc } = edit;
    return el("details", { class: "smartpd-edit-head", open: !doc.items.length }, el("summary", null, w.head),
      words(edit, doc, "title", w.title, "title", { rows: 1 }),
      words(edit, doc, "intro", w.intro, "intro"),
      field("minutes", w.minutes, number(edit, doc, "minutes", { keep: true })),
      cuts(edit), scales(edit, redraw), sets(edit, redraw));
  };
})();
