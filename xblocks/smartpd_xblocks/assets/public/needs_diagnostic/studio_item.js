/* The form of one question. */
(() => {
  "use strict";
  const { el, field, line, number, tick, choice, words, options, freeId, nothing } = window.SmartPDEdit;

  /* What a new question of this kind begins with. */
  const begun = (edit, home) => {
    const { doc } = edit;
    const item = { id: freeId(doc.items.map(({ id }) => String(id)), "q"), [edit.homeKey()]: home, text: nothing() };
    const sets = Object.keys(doc.option_sets || {});
    if (sets.length) item.options = sets[0];
    else item.options = answers(doc.kind, edit.types()[0]);
    return item;
  };
  const answers = (kind, type) => {
    if (type === "number" || type === "text") return undefined;
    const count = kind === "knowledge_test" ? 4 : 5;
    return [..."abcde"].slice(0, count).map((id, index) => {
      const option = { id, text: nothing() };
      if (kind === "knowledge_test") option.points = index ? 0 : 1;
      else if (kind !== "needs_survey") option.points = index;
      if (type === "order") delete option.points;
      return option;
    });
  };
  const how = (kind, type) => {
    if (type === "order") return "order";
    if (kind === "needs_survey") return type === "multiple" ? "survey" : "plain";
    return type === "multiple" ? "right" : "points";
  };

  const typeOf = (edit, item) => item.type || edit.types()[0];

  const changeType = (edit, item) => {
    const { kind } = edit.doc;
    const type = typeOf(edit, item);
    if (["number", "text"].includes(type)) delete item.options;
    else if (Array.isArray(item.options)) {
      item.options.forEach((option) => {
        if (how(kind, type) === "right") option.points = Number(option.points) > 0 ? 1 : 0;
        else if (how(kind, type) === "points") option.points ??= 0;
        else delete option.points;
        if (how(kind, type) !== "survey") delete option.exclusive;
      });
    } else item.options = answers(kind, type);
    if (!["multiple", "order"].includes(type)) { delete item.worth; delete item.scoring; }
    if (type === "multiple" || type === "order") delete item.reverse;
    if (!["multiple", "number"].includes(type)) delete item.least;
    if (!["multiple", "number", "text"].includes(type)) delete item.most;
    delete item.irt;
  };

  const parameters = (edit, item) => {
    const { w, doc } = edit;
    const graded = item.irt && item.irt.thresholds;
    if (doc.kind !== "knowledge_test" || graded) return null;
    const set = (key) => (event) => {
      item.irt = { ...(item.irt || {}), [key]: event.target.value };
      if (event.target.value === "") delete item.irt[key];
      if (!Object.keys(item.irt).some((each) => each !== "provisional")) delete item.irt;
      edit.touch();
    };
    const names = ["discrimination", "difficulty", ...(typeOf(edit, item) === "choice" ? ["guessing"] : [])];
    return el("fieldset", { class: "smartpd-edit-row smartpd-fieldset" }, el("legend", { class: "smartpd-edit-label" }, w.irt), names.map((key) => field(
      `irt.${key}`, w[key], el("input", { class: "smartpd-input smartpd-form-number", inputmode: "decimal", value: (item.irt || {})[key] ?? "", oninput: set(key) }),
    )), el("p", { class: "smartpd-form-problem", "data-edit-problem": true, hidden: true }));
  };

  const answerPart = (edit, item, redraw) => {
    const { w, doc } = edit;
    const type = typeOf(edit, item);
    if (type === "number" || type === "text") return null;
    const sets = Object.keys(doc.option_sets || {});
    const shared = typeof item.options === "string";
    const chosen = { from: shared ? item.options : "" };
    const refill = () => {
      edit.keep();
      item.options = chosen.from || structuredClone(doc.option_sets[item.options] || answers(doc.kind, type));
      edit.touch();
      redraw("options");
    };
    const names = [["", w.options_own], ...sets.map((name) => [name, SmartPD.fill(w.set_name, { name })])];
    const from = sets.length && ["choice", "rating"].includes(type) ? field("options", w.options_from, choice(edit, chosen, "from", names, refill)) : null;
    return el("fieldset", { class: "smartpd-fieldset", "data-path": "options" },
      el("legend", { class: "smartpd-edit-label" }, type === "order" ? w.options_order : w.options), from,
      shared ? el("ul", null, (doc.option_sets[item.options] || []).map((option) => el("li", null, edit.say(option.text)))) : options(edit, item.options || [], "options", how(doc.kind, type), redraw));
  };

  const limits = (edit, item) => {
    const { w, doc } = edit;
    const type = typeOf(edit, item);
    const parts = [];
    if (doc.kind === "knowledge_test" && ["multiple", "order"].includes(type)) {
      parts.push(field("worth", w.worth, number(edit, item, "worth")));
      parts.push(field("scoring", w.scoring, choice(edit, item, "scoring", [["", w.scoring_all_or_nothing], ["partial", w.scoring_partial]])));
    }
    if (doc.kind === "needs_survey") {
      if (["multiple", "number"].includes(type)) parts.push(field("least", w.least, number(edit, item, "least")));
      if (["multiple", "number", "text"].includes(type)) parts.push(field("most", w.most, number(edit, item, "most")));
      parts.push(field("required", w.required, tick(edit, item, "required", { by: true })));
    }
    if (doc.kind !== "needs_survey" && doc.kind !== "knowledge_test" && ["choice", "rating"].includes(type)) {
      parts.push(field("reverse", w.reverse, tick(edit, item, "reverse")));
    }
    return parts.length ? el("div", { class: "smartpd-edit-row" }, parts) : null;
  };

  /* `redraw(key)` builds this form anew and puts the focus on what has the key. */
  window.SmartPDEdit.itemForm = (edit, item, redraw) => {
    const { w } = edit;
    const homes = edit.areas().flatMap(({ id, title, homes: inside }) => inside.map((home) => [home.id, home.id === id ? title : `${home.id} ${home.title}`]));
    const types = edit.types();
    const chosen = { type: typeOf(edit, item) };
    const retype = () => {
      edit.keep();
      item.type = chosen.type;
      changeType(edit, item);
      edit.touch();
      redraw("type");
    };
    return el("div", { class: "smartpd-edit-form", "data-item-form": true },
      el("p", { class: "smartpd-form-problem", "data-edit-problem": true, "data-general": true, hidden: true }),
      words(edit, item, "text", w.text, "text"),
      el("div", { class: "smartpd-edit-row" },
        field(edit.homeKey(), edit.homeKey() === "scale" ? w.scale : w.home, choice(edit, item, edit.homeKey(), homes, () => edit.draw(item))),
        field("type", w.type, choice(edit, chosen, "type", types.map((type) => [type, w[`type_${type}`]]), retype)),
        edit.levels().length ? field("level", w.level, choice(edit, item, "level", [["", w.no_level], ...edit.levels().map(({ id }) => [id, id])])) : null),
      answerPart(edit, item, redraw),
      limits(edit, item),
      el("details", null, el("summary", null, w.more),
        words(edit, item, "scenario", w.scenario, "scenario", { optional: true }),
        words(edit, item, "help", w.help, "help", { optional: true, rows: 1 }),
        parameters(edit, item),
        field("id", w.id, line(edit, item, "id", { keep: true, maxlength: 64, class: "smartpd-input smartpd-edit-id" }))));
  };
  window.SmartPDEdit.begun = begun;
})();
