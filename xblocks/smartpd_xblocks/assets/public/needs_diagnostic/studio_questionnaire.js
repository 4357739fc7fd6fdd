/* The course team's own questions: begin, edit, order, switch off, preview, import and export. */
(() => {
  "use strict";
  const { LANGUAGES, el, button, place } = window.SmartPDEdit;
  const copyOf = (value) => JSON.parse(JSON.stringify(value));
  const NAMES = ["title", "intro", "text", "help", "scenario", "description", "minutes"];
  const bare = (value) => JSON.stringify(value, (key, inner) => (NAMES.includes(key) ? undefined : inner));

  window.SmartPDControls = window.SmartPDControls || {};
  window.SmartPDControls.questionnaire = (tools) => {
    let args = tools.own;
    const w = args.words;
    const fill = SmartPD.fill;
    const stored = args.values.own_instrument;
    let was = Object.keys(stored).length ? copyOf(stored) : null;
    let same = false;
    let history = [];
    let editing = false;

    const frame = () => args.frameworks[edit.doc.framework];
    const edit = {
      w,
      doc: was ? copyOf(was) : null,
      spreading: false,
      problems: [],
      /* Questions whose form is open. */
      opened: new Set(),
      sought: "",
      answered: (item) => Boolean(was && count(`${was.id} ${was.version}`) && was.items.some(({ id }) => String(id) === String(item.id))),
      count: () => {},
      homeKey: () => (edit.doc.framework ? "competency" : "scale"),
      levels: () => (frame() ? frame().levels : []),
      types: () => args.types[edit.doc.kind] || ["choice"],
      areas: () => (frame() ? frame().areas : (edit.doc.scales || []).map((scale) => {
        const title = edit.say(scale.title);
        return { id: scale.id, title, homes: [{ id: scale.id, title }] };
      })),
      title: (item) => edit.say(item.text).trim() || w.no_text,
      say: (text) => (text && (text[args.lang] || Object.values(text).find(Boolean))) || "",
      /* Before a change that undo should take back. */
      keep: () => {
        history.push(JSON.stringify(edit.doc));
        history = history.slice(-30);
        undo.disabled = false;
        undo.hidden = false;
      },
      touch: () => {
        edit.count();
        if (changed()) draft.soon(() => ({ doc: edit.doc, opened: args.opened }));
        else draft.drop();
        tools.changed();
        warn();
        list.querySelectorAll("[data-item]").forEach((row) => { row.querySelector("[data-title]").textContent = edit.title(row.item); });
      },
    };
    const draft = window.SmartPDEdit.draft(args.newId, w);

    /* --- the parts of the page --- */
    const state = el("p", { class: "smartpd-state", role: "status" });
    const about = el("p");
    const warning = el("div", { class: "smartpd-notice smartpd-notice-warning", role: "status", hidden: true });
    const general = el("p", { class: "smartpd-form-problem", role: "alert", hidden: true });
    const preview = el("section", { class: "smartpd-card smartpd-needs", hidden: true, tabindex: "-1" });
    const list = el("div");
    const found = el("p", { class: "smartpd-muted", role: "status" });
    const head = el("div");
    const workshop = el("section", { class: "smartpd-edit-workshop", hidden: true });
    const tell = (text, kind = "") => {
      state.dataset.state = kind;
      state.textContent = text;
    };

    /* --- what is going to be saved, and what learners have answered --- */
    const changed = () => JSON.stringify(edit.doc) !== JSON.stringify(was);
    const count = (name) => args.answered.versions[name] || 0;
    const site = () => tools.control("instrument").value;
    const siteFacts = () => args.instruments[site()];
    const warn = () => {
      const { known, versions } = args.answered;
      const moved = changed() || (!edit.doc && site() !== args.site);
      let text = "";
      let choice = null;
      if (was && edit.doc && changed() && edit.doc.id === was.id) {
        const answers = count(`${was.id} ${was.version}`);
        if (answers) text = fill(w.answered, { count: answers });
        else if (!known) text = w.answered_unknown;
        if (text && bare(edit.doc) === bare(was)) {
          choice = el("label", { class: "smartpd-edit-check" }, el("input", {
            type: "checkbox", checked: same, onchange: (event) => { same = event.target.checked; tools.changed(); },
          }), " ", w.same_meaning);
        } else same = false;
      } else if (moved) {
        const begun = Math.max(0, ...Object.values(versions));
        if (begun) text = fill(w.answered_other, { count: begun });
      }
      if (warning.dataset.text === text + Boolean(choice)) return;
      warning.dataset.text = text + Boolean(choice);
      warning.hidden = !text;
      warning.replaceChildren(...(text ? [el("p", null, text)] : []), ...(choice ? [choice] : []));
    };

    /* --- asking the server --- */
    const ask = async (handler, body) => {
      tell(w.loading, "saving");
      const answer = await tools.post(handler, body);
      tell("");
      if (answer.kind === "done") return answer.data;
      const fields = answer.data && answer.data.fields;
      if (fields) show(tools.mine(fields));
      tell(answer.text || w.failed, "error");
      return null;
    };
    const replace = (doc, { keep = true } = {}) => {
      if (keep) edit.keep();
      edit.doc = doc;
      if (doc) doc.items = Array.isArray(doc.items) ? doc.items : [];
      edit.problems = [];
      edit.opened = new Set();
      drawAll();
      edit.touch();
    };
    const begin = async (body) => {
      const data = await ask("read_questionnaire", body);
      if (!data) return;
      edit.spreading = Boolean(body.kind);
      editing = true;
      replace(data.document);
      if (!edit.doc.items.length) head.querySelector("input, textarea").focus();
      else workshop.querySelector("[data-find]").focus();
    };
    const look = async (lang) => {
      let { doc } = edit;
      if (!doc) {
        const data = await ask("read_questionnaire", { instrument: site() });
        if (!data) return;
        doc = data.document;
      }
      const data = await ask("preview_questionnaire", { document: doc, lang });
      if (!data) return;
      const select = el("select", { class: "smartpd-input smartpd-edit-lang", "aria-label": w.preview_lang, onchange: (event) => look(event.target.value) },
        LANGUAGES.map(([each, language]) => el("option", { value: each, lang: each }, language)));
      select.value = lang;
      const body = el("div", { lang });
      /* Made by the server's template, which escapes. */
      body.innerHTML = data.html;
      preview.replaceChildren(el("div", { class: "smartpd-edit-row" }, el("strong", null, w.preview), select, button(w.preview_close, () => {
        preview.hidden = true;
        bar.querySelector("[data-preview]").focus();
      })), body);
      preview.hidden = false;
      if (document.activeElement === document.body || !preview.contains(document.activeElement)) preview.focus();
    };
    const save = async (kind) => {
      const data = await ask("export_questionnaire", { document: edit.doc, kind });
      if (!data) return;
      const url = URL.createObjectURL(new Blob([data.text], { type: kind === "csv" ? "text/csv;charset=utf-8" : "application/json" }));
      el("a", { href: url, download: data.name }).click();
      window.setTimeout(() => URL.revokeObjectURL(url), 60000);
    };
    const bring = async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      let text = "";
      try {
        text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
      } catch (error) {
        tell(w.not_utf8, "error");
        return;
      }
      const base = edit.doc || ((await ask("read_questionnaire", { instrument: site() })) || {}).document;
      const data = base && await ask("import_questionnaire", { name: file.name, text, document: base });
      if (!data) return;
      editing = true;
      replace(data.document);
      show(tools.mine(data.fields));
      tell(fill(w.imported, { count: edit.doc.items.length }), "waiting");
    };

    /* --- the bar --- */
    const undo = button(w.undo, () => {
      const last = history.pop();
      undo.disabled = !history.length;
      if (last === undefined) return;
      replace(JSON.parse(last), { keep: false });
      tell(w.undone);
      if (!undo.disabled) undo.focus();
    }, { disabled: true, hidden: true });
    const importer = () => {
      const input = el("input", { type: "file", accept: ".csv,.json,.yaml,.yml", class: "smartpd-visually-hidden", onchange: bring, "data-import": true });
      return el("label", { class: "smartpd-button smartpd-edit-file" }, input, w.import);
    };
    const bar = el("div");
    const starter = () => {
      const kind = el("select", { class: "smartpd-input", "data-kind-choice": true }, args.kinds.map((each) => el("option", { value: each }, w[`kind_${each}`])));
      const framework = el("select", { class: "smartpd-input", "data-framework-choice": true }, Object.entries(args.frameworks).filter(([, { levels }]) => levels.length)
        .map(([id, { title: name }]) => el("option", { value: id }, name)));
      const facts = siteFacts();
      if (facts && facts.framework) framework.value = facts.framework;
      const home = window.SmartPDEdit.field("", w.empty_framework, framework);
      const fit = () => { home.hidden = ["needs_survey", "motivation"].includes(kind.value); };
      kind.addEventListener("change", fit);
      fit();
      return el("details", { class: "smartpd-edit-empty" }, el("summary", null, w.empty), window.SmartPDEdit.field("", w.empty_kind, kind),
        home, button(w.begin, () => begin({ kind: kind.value, framework: framework.value })));
    };
    const drawBar = () => {
      const { doc } = edit;
      const facts = siteFacts();
      about.textContent = !doc ? (facts ? fill(w.facts, facts) : "") : was && was.id === doc.id
        ? fill(w.own, { title: edit.say(was.title), number: String(was.version).split(".")[0] }) : w.own_new;
      const viewer = button(w.preview, () => look(args.lang), { "data-preview": true });
      bar.replaceChildren(...(doc ? [el("div", { class: "smartpd-row" },
        button(editing ? w.fold : w.edit, () => { editing = !editing; drawAll(); bar.querySelector("[data-edit]").focus(); }, { "aria-expanded": String(editing), "data-edit": true }),
        viewer, importer(), button(w.export_csv, () => save("csv")), button(w.export_json, () => save("json")),
        button(w.drop, () => { editing = false; replace(null); tell(w.dropped, "waiting"); }))]
        : [el("div", { class: "smartpd-row" }, button(w.adapt, () => begin({ instrument: site() }), { "data-adapt": true, disabled: !facts }), viewer, importer()),
          el("p", { class: "smartpd-muted" }, w.adapt_note), starter()]), el("p", { class: "smartpd-muted" }, w.import_note), ...(doc ? [el("p", { class: "smartpd-muted", "data-compare": true }, w.own_compare)] : []));
    };

    const search = el("input", { class: "smartpd-input", type: "search", "data-find": true, oninput: (event) => { event.stopPropagation(); edit.sought = event.target.value; edit.drawList(); } });
    const translate = () => {
      edit.keep();
      let filled = 0;
      const visit = (value) => {
        if (Array.isArray(value)) value.forEach(visit);
        else if (value && typeof value === "object") {
          if (LANGUAGES.every(([lang]) => lang in value || lang === "en") && "en" in value) {
            const source = value[args.lang] || LANGUAGES.map(([lang]) => value[lang]).find((each) => each && each.trim());
            if (source) LANGUAGES.forEach(([lang]) => { if (!(value[lang] || "").trim()) { value[lang] = source; filled += 1; } });
          } else Object.values(value).forEach(visit);
        }
      };
      visit(edit.doc);
      drawAll();
      edit.touch();
      tell(fill(w.filled, { count: filled }));
    };
    const drawAll = () => {
      workshop.hidden = !editing || !edit.doc;
      drawBar();
      if (edit.doc && editing) {
        head.replaceChildren(window.SmartPDEdit.headForm(edit, (key) => drawHead(key)));
        edit.drawList();
        if (workshop.childElementCount === 0) {
          workshop.append(head, el("h4", null, w.items), el("p", { class: "smartpd-muted" }, w.items_note), window.SmartPDEdit.field("", w.find, search), found, list,
            el("p", { class: "smartpd-row" }, button(w.languages, translate)), el("p", { class: "smartpd-muted" }, w.languages_note));
        }
      }
      warn();
    };
    const drawHead = (key) => {
      head.replaceChildren(window.SmartPDEdit.headForm(edit, drawHead));
      head.firstElementChild.open = true;
      place(head, edit.problems.filter(({ item }) => !item));
      const control = key && [...head.querySelectorAll("[data-path]")].find((each) => each.dataset.path === key);
      if (control) {
        for (let around = control.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
        const there = control.querySelector("input, textarea");
        if (there) there.focus();
      }
    };

    /* --- what is wrong --- */
    const show = (said) => {
      edit.problems = said.map(({ path, text }) => {
        const match = /^items\.(\d+)(?:\.(.*))?$/.exec(path);
        return match && edit.doc ? { item: edit.doc.items[Number(match[1])], path: match[2] || "", text } : { item: null, path, text };
      });
      general.hidden = true;
      if (!edit.problems.length) return;
      if (edit.doc) {
        editing = true;
        edit.sought = "";
        search.value = "";
        edit.problems.slice(0, 20).forEach(({ item }) => item && edit.opened.add(item));
        drawAll();
      }
      const rest = place(head, edit.problems.filter(({ item }) => !item));
      general.hidden = !rest.length;
      general.textContent = rest.map(({ path, text }) => (path ? `${path}: ${text}` : text)).join("\n");
      const first = workshop.querySelector("[aria-invalid]");
      if (first) first.focus();
    };

    window.SmartPDEdit.itemList(edit, list, found, tell);
    tools.mount.append(about, warning, bar, el("div", { class: "smartpd-edit-desk" }, undo, state), general, preview, workshop);
    tools.control("instrument").addEventListener("change", () => { drawBar(); warn(); });
    args.site = site();
    drawAll();
    const left = draft.notice((kept) => {
      /* What others have saved meanwhile is told when this is saved. */
      args.opened = kept.opened;
      editing = true;
      replace(kept.doc);
    });
    if (left) about.before(left);

    return {
      /* Id of the framework of what is going to be asked, "" for none. */
      framework: () => (edit.doc ? edit.doc.framework : (siteFacts() || {}).framework) || "",
      raw: () => JSON.stringify([edit.doc, same]),
      read: () => ({ ...(edit.doc || {}), was: args.opened, same_meaning: same }),
      show,
      discarded: draft.drop,
      saved: (own, unchanged) => {
        draft.drop();
        args = { ...args, ...own, site: site() };
        was = Object.keys(own.values.own_instrument).length ? copyOf(own.values.own_instrument) : null;
        if (unchanged) {
          edit.problems = [];
          same = false;
          const places = [...edit.opened].map((item) => edit.doc && edit.doc.items.indexOf(item));
          edit.doc = was ? copyOf(was) : null;
          edit.opened = new Set(edit.doc ? places.map((index) => edit.doc.items[index]).filter(Boolean) : []);
          drawAll();
        }
      },
    };
  };
})();
