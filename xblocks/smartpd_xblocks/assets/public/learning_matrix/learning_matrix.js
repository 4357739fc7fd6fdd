/* Marks and ratings in the learning matrix: sent one by one, kept on the device until the server has them. */
function SmartPDLearningMatrix(runtime, element, args) {
  "use strict";
  const host = element.jquery ? element[0] : element;
  const root = host.querySelector(".smartpd-lm");
  if (!root) return;
  const words = args.words;
  const cells = new Map([...root.querySelectorAll("td[data-cell]")].map((td) => [td.dataset.cell, td]));
  if (!cells.size) return;

  /* --- in a list, cells that are neither recommended nor begun are folded; a table has room for all --- */
  const bodyOf = (td) => td.querySelector(".smartpd-lm-body");
  const folds = [...cells.values()].filter((td) => "folds" in td.dataset).map((td) => {
    const heading = td.querySelector(".smartpd-lm-can");
    const said = heading.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "smartpd-lm-fold";
    button.textContent = said;
    button.setAttribute("aria-controls", bodyOf(td).id);
    let open = false;
    const draw = () => {
      bodyOf(td).hidden = button.isConnected && !open;
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => { open = !open; draw(); });
    return {
      td,
      unfold: () => { open = true; draw(); },
      /* Only in a list there is something to press. */
      inList: (list) => {
        if (list !== button.isConnected) heading.replaceChildren(list ? button : said);
        draw();
      },
    };
  });
  const unfold = (td) => folds.filter((fold) => fold.td === td).forEach((fold) => fold.unfold());
  const fit = root.querySelector(".smartpd-lm-fit");
  const arrange = () => {
    const list = getComputedStyle(fit.querySelector("table")).display === "block";
    folds.forEach((fold) => fold.inList(list));
  };
  new ResizeObserver(arrange).observe(fit);
  arrange();

  /* --- keys: arrows between cells, Enter into a cell, Escape out of it --- */
  const grid = [...root.querySelectorAll("tr")]
    .map((row) => [...row.cells].slice(1).map((td) => (td.dataset.cell ? td : null)))
    .filter((row) => row.some(Boolean));
  const place = (td) => {
    for (let y = 0; y < grid.length; y += 1) {
      const x = grid[y].indexOf(td);
      if (x >= 0) return [y, x];
    }
    return [0, 0];
  };
  let current = null;
  const makeCurrent = (td) => {
    if (current) current.tabIndex = -1;
    current = td;
    current.tabIndex = 0;
  };
  cells.forEach((td) => { td.tabIndex = -1; });
  makeCurrent(cells.values().next().value);

  const step = (td, dy, dx) => {
    let [y, x] = place(td);
    for (;;) {
      y += dy;
      x += dx;
      if (!grid[y] || x < 0 || x >= grid[y].length) return null;
      if (grid[y][x]) return grid[y][x];
    }
  };
  const inRow = (td) => grid[place(td)[0]].filter(Boolean);
  const moves = {
    ArrowRight: (td) => step(td, 0, 1),
    ArrowLeft: (td) => step(td, 0, -1),
    ArrowDown: (td) => step(td, 1, 0),
    ArrowUp: (td) => step(td, -1, 0),
    Home: (td) => inRow(td)[0],
    End: (td) => inRow(td).pop(),
  };
  const goTo = (td) => {
    makeCurrent(td);
    td.focus();
  };
  root.addEventListener("keydown", (event) => {
    const td = event.target.closest("td[data-cell]");
    if (!td || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target !== td) {
      if (event.key === "Escape") goTo(td);
      return;
    }
    if (event.key === "Enter") {
      unfold(td);
      const inside = td.querySelector("a, select");
      if (inside) {
        event.preventDefault();
        inside.focus();
      }
      return;
    }
    if (!moves[event.key]) return;
    const next = moves[event.key](td);
    event.preventDefault();
    if (next) goTo(next);
  });
  root.addEventListener("focusin", (event) => {
    const td = event.target.closest("td[data-cell]");
    if (td) makeCurrent(td);
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    const td = link && cells.get(link.dataset.goto);
    if (!td) return;
    event.preventDefault();
    unfold(td);
    goTo(td);
    td.scrollIntoView({ block: "center" });
  });

  if (!args.canWrite) return;

  /* --- controls --- */
  const option = (value, label) => {
    const made = document.createElement("option");
    made.value = value;
    made.textContent = label;
    return made;
  };
  const statusOptions = args.statuses.map((status) => option(status.id, `${status.icon} ${status.word}`));
  const ratingOptions = [
    option("", words.unrated),
    ...args.scale.map((word, index) => option(String(index + 1), `${index + 1} — ${word}`)),
  ];
  const control = (td, name, label, options) => {
    const box = document.createElement("label");
    box.append(label);
    const select = document.createElement("select");
    select.name = name;
    /* The visible label is short; the name says which cell it is of as well. */
    select.setAttribute("aria-label", `${label}: ${td.dataset.name}`);
    select.append(...options.map((made) => made.cloneNode(true)));
    select.value = td.dataset[name];
    box.append(select);
    return box;
  };
  cells.forEach((td) => {
    const box = document.createElement("div");
    box.className = "smartpd-lm-controls";
    box.append(
      control(td, "status", words.status, statusOptions),
      control(td, "rating", words.rating, ratingOptions),
    );
    bodyOf(td).append(box);
  });
  root.classList.add("smartpd-lm-live");

  /* --- state of saving --- */
  const stateLine = root.querySelector("[data-saved]");
  let active = null;
  const tell = (state, text) => {
    stateLine.dataset.state = state;
    stateLine.textContent = text;
    /* The line may be far off the screen: the same words stand in the cell, for the eye only. */
    root.querySelectorAll(".smartpd-lm-note").forEach((old) => old.remove());
    if (!active) return;
    const note = document.createElement("p");
    note.className = "smartpd-state smartpd-lm-note smartpd-noprint";
    note.dataset.state = state;
    note.setAttribute("aria-hidden", "true");
    note.textContent = text;
    bodyOf(active).append(note);
  };
  /* What is marked as done now is recommended no more, until the mark is taken back. */
  const named = new Set([...cells].filter(([, td]) => td.dataset.status === "done").map(([id]) => id));
  const settled = (id) => cells.has(id) && cells.get(id).dataset.status === "done" && !named.has(id);
  const advise = () => {
    cells.forEach((td, id) => {
      td.querySelectorAll("[data-advised]").forEach((mark) => { mark.hidden = settled(id); });
    });
    const list = root.querySelector("[data-next]");
    if (!list) return;
    const steps = [...list.querySelectorAll("li")];
    steps.forEach((step) => { step.hidden = Boolean(step.dataset.cells) && step.dataset.cells.split(" ").every(settled); });
    list.hidden = steps.every((step) => step.hidden);
  };
  const show = (td, values) => {
    Object.entries(values).forEach(([name, value]) => {
      td.dataset[name] = value === null ? "" : String(value);
    });
    td.querySelectorAll("select").forEach((select) => { select.value = td.dataset[select.name]; });
    const status = args.statuses.find((entry) => entry.id === td.dataset.status);
    td.querySelector("[data-icon]").textContent = status.icon;
    td.querySelector("[data-word]").textContent = status.word;
    td.querySelector("[data-rated]").textContent = td.dataset.rating ? ` · ${args.scale[td.dataset.rating - 1]}` : "";
    advise();
  };

  /* What the server does not have yet: {cell: {status?, rating?, was}}; was holds the values it was made from.
     The matrix may be open twice: what the other page keeps stays, only what is done with goes. */
  const box = {
    read: () => SmartPD.store.read(args.key) || {},
    change(id, name, value, done) {
      const waiting = box.read();
      const entry = waiting[id] || {};
      if (!done) waiting[id] = { ...entry, [name]: value, was: { ...entry.was, [name]: confirmed.get(id)[name] } };
      else if (entry[name] === value) delete entry[name];
      if (done && entry.status === undefined && entry.rating === undefined) delete waiting[id];
      /* Where the device keeps nothing, the page does while it is open. */
      SmartPD.store.keep(args.key, Object.keys(waiting).length ? waiting : null);
    },
  };
  const confirmed = new Map([...cells].map(([id, td]) => [id, { ...td.dataset }]));
  let waiting = {};
  let sending = false;
  const retry = SmartPD.again(send, root);

  const forget = (id, name, value) => {
    const entry = waiting[id];
    if (!entry) return;
    box.change(id, name, value, true);
    if (entry[name] === value) delete entry[name];
    if (entry.status === undefined && entry.rating === undefined) {
      delete waiting[id];
      delete cells.get(id).dataset.waiting;
    }
  };
  const accept = (id, data) => {
    const td = cells.get(id);
    const known = { status: data.status, rating: data.rating === null ? "" : String(data.rating), updated: data.updated };
    confirmed.set(id, known);
    show(td, { ...known, ...waiting[id] });
    Object.entries(waiting[id] || {}).forEach(([name, value]) => box.change(id, name, value));
    root.querySelector("[data-whole]").textContent = data.whole.text;
    root.querySelector(".smartpd-progress").value = data.whole.done;
    Object.entries(data.rows).forEach(([row, text]) => {
      const line = [...root.querySelectorAll("[data-row]")].find((span) => span.dataset.row === row);
      if (line) line.textContent = text;
    });
  };
  async function send() {
    retry.stop();
    if (sending) return;
    sending = true;
    let problem = "";
    for (let id = Object.keys(waiting)[0]; id; id = Object.keys(waiting)[0]) {
      const name = waiting[id].status === undefined ? "rating" : "status";
      const value = waiting[id][name];
      const known = confirmed.get(id)[name];
      const was = name === "rating" ? (known ? Number(known) : null) : known;
      tell("saving", words.saving);
      const url = runtime.handlerUrl(host, name === "status" ? "mark_cell" : "rate_cell");
      const { kind, data, text } = await SmartPD.post(url, { cell: id, [name]: value, was }, { page: args.key, leaving: true });
      if (kind === "done" || (kind === "conflict" && data && data.whole)) {
        retry.done();
        forget(id, name, value);
        accept(id, data);
        if (kind === "conflict") problem = text;
      } else if (kind === "refused") {
        forget(id, name, value);
        show(cells.get(id), confirmed.get(id));
        problem = text || words.signin;
      } else {
        if (kind === "away") tell("error", text || words.signin);
        else {
          tell("waiting", navigator.onLine === false ? words.offline : words.waiting);
          retry.later();
        }
        sending = false;
        return;
      }
    }
    sending = false;
    if (problem) tell("error", problem);
    else if (stateLine.dataset.state === "saving") tell("saved", words.saved);
  }

  const change = (td, name, value) => {
    const id = td.dataset.cell;
    waiting[id] = { ...waiting[id], [name]: value };
    box.change(id, name, value);
    td.dataset.waiting = "";
    if (name === "status") delete td.dataset.counted;
    show(td, { [name]: value });
  };
  root.addEventListener("change", (event) => {
    const select = event.target;
    const td = select.closest("td[data-cell]");
    if (!td) return;
    const value = select.name === "rating" ? (select.value ? Number(select.value) : null) : select.value;
    active = td;
    change(td, select.name, value);
    tell("saving", words.saving);
    /* Arrow keys run through a list's options: wait for the one that is meant. */
    retry.soon(400);
  });

  /* --- what an earlier visit could not send --- */
  let dropped = 0;
  Object.entries(box.read()).forEach(([id, entry]) => {
    const td = cells.get(id);
    ["status", "rating"].forEach((name) => {
      const value = entry[name];
      if (value === undefined) return;
      const now = td && confirmed.get(id)[name];
      if (td && now !== String(value ?? "") && entry.was && entry.was[name] === now) {
        change(td, name, value);
        return;
      }
      box.change(id, name, value, true);
      if (!td || now !== String(value ?? "")) dropped += 1;
    });
  });
  if (dropped) tell("waiting", words.elsewhere);
  if (Object.keys(waiting).length) send();

  window.addEventListener("pagehide", send);
}
