/* Questions that are not saved, kept in this window: a closed form, a reload or a crash does not lose them. Not longer and
   not for other windows, because right answers are among them. */
window.SmartPDEdit.draft = (name, w) => {
  "use strict";
  const { el, button } = window.SmartPDEdit;
  const key = `smartpd:questions:${name}`;
  /* Frames without an origin of their own may keep nothing. */
  const tried = (act) => {
    try {
      return act();
    } catch (error) {
      return null;
    }
  };
  let timer = 0;
  const drop = () => {
    window.clearTimeout(timer);
    tried(() => window.sessionStorage.removeItem(key));
  };
  return {
    drop,
    /* `value` gives what to keep once nothing has been typed for a moment. */
    soon(value) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => tried(() => window.sessionStorage.setItem(key, JSON.stringify(value()))), 500);
    },
    /* A notice with what was left behind, or null; `take` gets it back. */
    notice(take) {
      const left = tried(() => JSON.parse(window.sessionStorage.getItem(key)));
      if (!left) return null;
      const box = el("div", { class: "smartpd-notice smartpd-notice-warning", "data-draft": true }, el("p", null, w.draft), el("p", { class: "smartpd-row" },
        button(w.draft_take, () => { box.remove(); take(left); }),
        button(w.draft_drop, () => { box.remove(); drop(); })));
      return box;
    },
  };
};
