/* Writing in four parts. Every change is kept on the device at once and on the server soon after;
   the copy on the device goes only when the server says that it has the same text. */
function SmartPDPres(runtime, element, args) {
  "use strict";
  const host = element.jquery ? element[0] : element;
  const root = host.querySelector(".smartpd-pres");
  if (!root) return;
  const words = args.words;
  if (typeof SmartPDPresTeam === "function") SmartPDPresTeam(runtime, host, args);
  const form = root.querySelector("[data-view=write]");
  const readView = root.querySelector("[data-view=read]");
  const parts = [...form.querySelectorAll("[data-part]")].map((box) => ({
    id: box.dataset.part,
    min: Number(box.dataset.min),
    max: Number(box.dataset.max),
    label: box.querySelector("label").lastChild.textContent,
    area: box.querySelector("textarea"),
    count: box.querySelector(".smartpd-pres-count"),
    error: box.querySelector(".smartpd-pres-error"),
    box,
  }));
  const { fill, store, clock, stamp } = SmartPD;

  /* --- words are counted as the server counts them: between Unicode white space, with a letter or digit --- */
  const between = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
  const countWords = (text) => text.split(between).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
  const showCount = (part) => {
    const count = countWords(part.area.value);
    let state = "within";
    if (count < part.min) state = part.max ? "few" : "fewAtLeast";
    else if (part.max && count > part.max) state = "many";
    else if (!part.min && !part.max) state = "count";
    part.count.dataset.state = state;
    part.count.textContent = fill(words[state], { words: count, min: part.min, max: part.max, over: count - part.max });
  };

  SmartPD.times(root);
  parts.forEach(showCount);
  if (!args.canWrite) return;

  /* --- what is known: the server's state, the copy on the device --- */
  let { stage, revision, saved_at: savedAt } = args.state;
  const texts = () => Object.fromEntries(parts.map((part) => [part.id, part.area.value]));
  const normal = (text) => text.replace(/\r\n?/g, "\n");
  const same = (one, other) => parts.every((part) => normal(one[part.id] || "") === normal(other[part.id] || ""));
  let serverTexts = texts();
  const stateLine = form.querySelector("[data-state-line]");
  const tell = (state, text) => {
    stateLine.dataset.state = state;
    stateLine.textContent = text;
  };
  /* Each open page keeps its own copy: two of them must not write over each other's text. */
  const own = `${args.key}:${Date.now()}${Math.random()}`;
  const device = {
    works: true,
    /* The newest copy with a text that the server does not have becomes this page's own; the others wait. */
    take() {
      const copies = store.keys(args.key).flatMap((key) => {
        const copy = store.read(key);
        if (copy && copy.texts && !same(copy.texts, serverTexts)) return [{ key, copy }];
        store.keep(key, null);
        return [];
      });
      const [newest] = copies.sort((one, two) => (two.copy.at || 0) - (one.copy.at || 0));
      if (!newest) return null;
      /* Where there is no room for a second copy it stays where it is. */
      if (store.keep(own, newest.copy)) store.keep(newest.key, null);
      return newest.copy;
    },
    keep() { device.works = store.keep(own, { texts: texts(), revision, at: Date.now() }); },
    drop() { store.keep(own, null); },
  };
  const setTexts = (values) => parts.forEach((part) => {
    part.area.value = values[part.id] || "";
    showCount(part);
  });

  const post = (handler, body, leaving) => SmartPD.post(runtime.handlerUrl(host, handler), body, { page: args.key, leaving });
  const adopt = (data) => {
    ({ stage, revision, saved_at: savedAt } = data);
    serverTexts = data.texts;
  };

  const lock = (locked) => parts.forEach((part) => { part.area.readOnly = locked; });

  /* --- saving --- */
  const retry = SmartPD.again(() => save(), root);
  let busy = null;
  let choosing = false;
  /* The learner has asked to submit and the line was down: what is saved meanwhile is not handed in. */
  let handedIn = true;
  const dirty = () => stage === "writing" && !same(texts(), serverTexts);
  const waiting = () => {
    const text = navigator.onLine === false ? words.offline : words.waiting;
    if (handedIn) tell("waiting", device.works ? text : words.memory);
    else tell("error", words.notSubmitted);
    retry.later();
  };

  async function saveOnce(leaving) {
    const sent = texts();
    tell("saving", words.saving);
    const { kind, data, text } = await post("save_draft", { texts: sent, revision }, leaving);
    if (kind === "done") {
      retry.done();
      adopt(data);
      /* The server takes control characters out: what was sent is what it has. */
      serverTexts = sent;
      if (dirty()) {
        device.keep();
        tell("waiting", words.unsaved);
        retry.soon(1500);
      } else {
        device.drop();
        if (handedIn) tell("saved", fill(words.saved, { time: clock(savedAt) }));
        else tell("error", words.savedNotSubmitted);
      }
    } else if (kind === "conflict" && data && data.texts) choose(data, sent, text);
    else if (kind === "later") waiting();
    else tell("error", text || words.signin);
  }
  async function save(leaving) {
    retry.stop();
    if (busy || choosing || !dirty()) return;
    busy = saveOnce(leaving === true);
    await busy;
    busy = null;
  }

  form.addEventListener("input", (event) => {
    const part = parts.find((entry) => entry.area === event.target);
    if (!part) return;
    handedIn = true;
    showCount(part);
    part.error.hidden = true;
    part.area.removeAttribute("aria-invalid");
    if (!dirty() && !busy) {
      /* Typed and taken back: the server has this text already. */
      retry.stop();
      device.drop();
      tell("saved", savedAt ? fill(words.saved, { time: clock(savedAt) }) : "");
      return;
    }
    device.keep();
    tell("waiting", device.works ? words.unsaved : words.memory);
    retry.soon(1500);
  });
  form.addEventListener("focusin", (event) => {
    const part = parts.find((entry) => entry.area === event.target);
    if (part) part.visited = true;
  });
  form.addEventListener("focusout", (event) => { if (event.target.tagName === "TEXTAREA") save(); });
  window.addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-starter]");
    if (!button) return;
    const part = parts.find((entry) => entry.box.contains(button));
    const { area } = part;
    if (area.readOnly) return;
    /* Before a first visit the caret stands in front of the text; an opening belongs behind it. */
    if (!part.visited) area.setSelectionRange(area.value.length, area.value.length);
    const start = area.selectionStart;
    const before = area.value.slice(0, start);
    const glue = before && !/\s$/.test(before) ? " " : "";
    area.focus();
    area.setRangeText(`${glue}${button.textContent} `, start, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* --- two texts: the learner chooses, seeing both --- */
  const choice = root.querySelector("[data-choice]");
  let other = null;
  const showText = (box, values) => {
    box.replaceChildren(...parts.flatMap((part) => {
      const label = document.createElement("strong");
      label.textContent = part.label;
      const text = document.createElement("p");
      text.className = "smartpd-pres-text";
      text.dir = "auto";
      text.textContent = values[part.id] || words.empty;
      return [label, text];
    }));
  };
  function choose(data, mine, why) {
    choosing = true;
    lock(true);
    other = { data, mine };
    choice.querySelector("[data-choice-why]").textContent = why;
    choice.querySelector("[data-choice-time]").textContent = data.saved_at ? `(${clock(data.saved_at)})` : "";
    showText(choice.querySelector("[data-choice-text=server]"), data.texts);
    showText(choice.querySelector("[data-choice-text=device]"), mine);
    /* A submitted text that may not be revised stays; the other one can still be copied. */
    choice.querySelector("[data-keep=device]").hidden = data.stage === "submitted" && !args.allowRevision;
    choice.hidden = false;
    form.querySelector("[type=submit]").disabled = true;
    tell("waiting", words.unsaved);
    choice.focus();
    choice.scrollIntoView({ block: "nearest" });
  }
  const chosen = () => {
    choosing = false;
    lock(false);
    other = null;
    choice.hidden = true;
    form.querySelector("[type=submit]").disabled = false;
  };
  choice.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-keep]");
    if (!button || !other) return;
    const { data, mine } = other;
    if (button.dataset.keep === "server") {
      adopt(data);
      setTexts(data.texts);
      device.drop();
      chosen();
      tell("saved", fill(words.saved, { time: clock(savedAt) }));
      view(data.submission);
      return;
    }
    let base = data;
    if (data.stage === "submitted") {
      const answer = await post("revise", {});
      if (answer.kind !== "done") {
        tell("error", answer.text || (answer.kind === "later" ? words.waiting : words.signin));
        return;
      }
      base = answer.data;
    }
    adopt(base);
    setTexts(mine);
    device.keep();
    chosen();
    view();
    save();
  });

  /* --- submitting and reading back --- */
  function view(submission) {
    const reading = stage === "submitted";
    form.hidden = reading;
    readView.hidden = !reading;
    if (!submission) return;
    parts.forEach((part) => {
      readView.querySelector(`[data-read="${part.id}"]`).textContent = submission.texts[part.id];
    });
    readView.querySelector("[data-version]").textContent = fill(words.version, { version: submission.version });
    const time = readView.querySelector("[data-submitted]");
    time.setAttribute("datetime", submission.submitted_at);
    time.textContent = stamp(submission.submitted_at);
  }
  const showProblems = (problems) => {
    parts.forEach((part) => {
      const problem = problems[part.id];
      part.error.hidden = !problem;
      part.error.textContent = problem || "";
      if (problem) part.area.setAttribute("aria-invalid", "true");
      else part.area.removeAttribute("aria-invalid");
    });
    const first = parts.find((part) => problems[part.id]);
    if (first) first.area.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (choosing) return;
    retry.stop();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    lock(true);
    if (busy) await busy;
    const sent = texts();
    device.keep();
    handedIn = true;
    tell("saving", words.submitting);
    busy = (async () => {
      const { kind, data, text } = await post("submit", { texts: sent, revision });
      if (kind === "done") {
        adopt(data);
        device.drop();
        setTexts(data.texts);
        showProblems({});
        tell("saved", words.submitted);
        view(data.submission);
        root.querySelector("[data-view=read] h3").focus();
      } else if (kind === "refused" && data && data.problems) {
        adopt(data);
        serverTexts = sent;
        device.drop();
        tell("error", text);
        showProblems(data.problems);
      } else if (kind === "conflict" && data && data.texts) choose(data, sent, text);
      else if (kind === "later") {
        handedIn = false;
        tell("error", words.notSubmitted);
      }
      else tell("error", text || words.signin);
    })();
    await busy;
    busy = null;
    button.disabled = choosing;
    lock(choosing);
    if (dirty() && (stateLine.dataset.state !== "error" || !handedIn)) retry.soon(1500);
  });
  const reviseButton = root.querySelector("[data-revise]");
  if (reviseButton) {
    reviseButton.addEventListener("click", async () => {
      reviseButton.disabled = true;
      const { kind, data, text } = await post("revise", {});
      if (kind === "done") {
        adopt(data);
        setTexts(data.texts);
        tell("saved", "");
        view();
        parts[0].area.focus();
      } else reviseButton.after(notice(text || (kind === "later" ? words.waiting : words.signin)));
      reviseButton.disabled = false;
    });
  }
  const notice = (text) => {
    root.querySelectorAll("[data-notice]").forEach((old) => old.remove());
    const made = document.createElement("span");
    made.dataset.notice = "";
    made.setAttribute("role", "alert");
    made.textContent = ` ${text}`;
    return made;
  };

  /* --- what an earlier visit could not send --- */
  const kept = device.take();
  if (kept) {
    if (stage === "writing" && kept.revision === revision) {
      setTexts(kept.texts);
      tell("waiting", words.restored);
      retry.soon(1500);
    } else {
      choose({ ...args.state, texts: serverTexts }, kept.texts, words.older);
    }
  } else if (stage === "writing" && savedAt) {
    tell("saved", fill(words.saved, { time: clock(savedAt) }));
  }
}
