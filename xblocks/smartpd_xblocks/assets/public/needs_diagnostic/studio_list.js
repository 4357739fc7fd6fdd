/* The questions one below the other: open, add, order, switch off, copy, delete. */
window.SmartPDEdit.itemList = (edit, list, found, tell) => {
  "use strict";
  const { el, small, swap, freeId, begun, itemForm, place } = window.SmartPDEdit;
  const { w } = edit;
  const fill = SmartPD.fill;
  const isOff = (item) => String(item.active) === "false";

  const areaOf = (item) => {
    const home = item[edit.homeKey()];
    return edit.areas().find(({ homes }) => homes.some(({ id }) => id === home));
  };
  const near = (one, other) => (areaOf(one) || {}).id === (areaOf(other) || {}).id;
  const beside = (item) => edit.doc.items.filter((each) => near(each, item));
  const move = (item, by) => {
    const group = beside(item);
    const there = group[group.indexOf(item) + by];
    if (!there) return;
    edit.keep();
    swap(edit.doc.items, edit.doc.items.indexOf(item), edit.doc.items.indexOf(there));
    moved(item, by < 0 ? "up" : "down");
  };
  const moved = (item, key) => {
    const area = areaOf(item);
    const group = beside(item);
    edit.draw(item, key);
    edit.touch();
    tell(fill(w.moved, { place: group.indexOf(item) + 1, total: group.length, area: area ? area.title : "" }));
  };
  const drop = (item, target) => {
    if (item === target || !near(item, target)) return;
    edit.keep();
    const { items } = edit.doc;
    const after = items.indexOf(item) < items.indexOf(target);
    items.splice(items.indexOf(item), 1);
    items.splice(items.indexOf(target) + (after ? 1 : 0), 0, item);
    moved(item, "head");
  };
  const turn = (item) => {
    edit.keep();
    if (isOff(item)) delete item.active;
    else item.active = false;
    edit.draw(item, "off");
    edit.touch();
  };
  const remove = (item) => {
    /* What has been answered is switched off first: its answers keep their question. */
    if (edit.answered(item) && !isOff(item)) {
      turn(item);
      tell(w.delete_answered, "waiting");
      return;
    }
    edit.keep();
    const group = beside(item);
    const next = group[group.indexOf(item) + 1] || group[group.indexOf(item) - 1];
    edit.doc.items.splice(edit.doc.items.indexOf(item), 1);
    edit.draw(next, "head");
    edit.touch();
    tell(w.deleted);
  };
  const insert = (item, after) => {
    edit.keep();
    if (after) edit.doc.items.splice(edit.doc.items.indexOf(after) + 1, 0, item);
    else edit.doc.items.push(item);
    edit.opened.add(item);
    edit.sought = "";
    edit.draw(item, "form");
    edit.touch();
    tell(w.added);
  };
  const twin = (item) => {
    const again = structuredClone(item);
    again.id = freeId(edit.doc.items.map(({ id }) => String(id)), "q");
    insert(again, item);
  };

  let dragged = null;
  const row = (item, number, group) => {
    const off = isOff(item);
    const wrong = edit.problems.some((each) => each.item === item);
    const open = edit.opened.has(item);
    const called = (action) => fill(w.item_of, { action, number: number || "–" });
    const line = el("li", {
      class: `smartpd-edit-item${off ? " smartpd-edit-off" : ""}`, "data-item": item.id,
      ondragover: (event) => { if (dragged && near(dragged, item)) event.preventDefault(); },
      ondrop: (event) => { event.preventDefault(); if (dragged) drop(dragged, item); },
      onkeydown: (event) => {
        if (!event.altKey || event.target.closest("[data-item-form]") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
        event.preventDefault();
        move(item, event.key === "ArrowUp" ? -1 : 1);
      },
    }, el("div", { class: "smartpd-edit-line" },
      el("span", {
        class: "smartpd-edit-grip", draggable: "true", "aria-hidden": "true",
        ondragstart: (event) => { dragged = item; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", String(item.id)); },
        ondragend: () => { dragged = null; },
      }, `⠿ ${number || "–"}`),
      el("button", {
        type: "button", class: "smartpd-edit-title", "aria-expanded": String(open), "data-key": "head",
        onclick: () => { if (open) edit.opened.delete(item); else edit.opened.add(item); edit.draw(item, "head"); },
      }, el("span", { "data-title": true }, edit.title(item)), " ", el("span", { class: "smartpd-badge" }, String(item[edit.homeKey()] ?? "")),
      off ? [" ", el("span", { class: "smartpd-badge smartpd-badge-warning" }, w.off)] : null,
      wrong ? [" ", el("span", { class: "smartpd-badge smartpd-badge-warning" }, `⚠ ${w.wrong}`)] : null),
      el("span", { class: "smartpd-edit-acts" },
        small("↑", called(w.up), () => move(item, -1), { "data-key": "up", disabled: group[0] === item }),
        small("↓", called(w.down), () => move(item, 1), { "data-key": "down", disabled: group[group.length - 1] === item }),
        small(w.copy, called(w.copy), () => twin(item)),
        small(off ? w.switch_on : w.switch_off, called(off ? w.switch_on : w.switch_off), () => turn(item), { "data-key": "off" }),
        small("✕", called(w.delete), () => remove(item)))));
    line.item = item;
    if (open) addForm(line, item);
    return line;
  };
  const addForm = (line, item, key) => {
    const old = line.querySelector("[data-item-form]");
    const form = itemForm(edit, item, (there) => addForm(line, item, there));
    if (old) old.replaceWith(form);
    else line.append(form);
    const rest = place(form, edit.problems.filter((each) => each.item === item));
    if (rest.length) {
      const box = form.querySelector("[data-general]");
      box.hidden = false;
      box.textContent = rest.map(({ path, text }) => (path ? `${path}: ${text}` : text)).join("\n");
    }
    if (key) {
      const found = [...form.querySelectorAll("[data-path]")].find((each) => each.dataset.path === key) || form;
      const control = found.querySelector("input, textarea, select");
      if (control) control.focus();
    }
  };
  edit.drawList = () => {
    const { doc } = edit;
    const groups = edit.areas();
    const areas = new Map(groups.flatMap((group) => group.homes.map(({ id }) => [id, group])));
    const wanted = edit.sought.trim().toLowerCase();
    const fits = (item) => !wanted || JSON.stringify([item.id, item.text, item[edit.homeKey()]]).toLowerCase().includes(wanted);
    const known = new Map(groups.map((group) => [group, []]));
    const lost = [];
    doc.items.forEach((item) => (known.get(areas.get(item[edit.homeKey()])) || lost).push(item));
    let shown = 0;
    let asked = 0;
    /* Numbers as learners see them. */
    const lines = (items) => items.map((item) => {
      if (!isOff(item)) asked += 1;
      if (!fits(item)) return null;
      shown += 1;
      return row(item, isOff(item) ? 0 : asked, items);
    }).filter(Boolean);
    list.replaceChildren(...(lost.length ? [el("ol", { class: "smartpd-edit-list" }, lines(lost))] : []), ...groups.map((group) => {
      const inside = known.get(group);
      const count = inside.filter((item) => !isOff(item)).length;
      return el("section", null, el("h4", null, group.title, " ", el("span", { class: "smartpd-muted" }, inside.length ? fill(w.asked, { count }) : w.none)),
        el("ol", { class: "smartpd-edit-list" }, lines(inside)),
        small(`+ ${w.add}`, fill(w.add_in, { area: group.title }), () => insert(begun(edit, group.homes[0].id)), { "data-add": group.id }));
    }));
    found.textContent = wanted ? fill(w.found, { count: shown, total: doc.items.length }) : "";
  };
  edit.draw = (item, key) => {
    edit.drawList();
    const line = item && [...list.querySelectorAll("[data-item]")].find((each) => each.item === item);
    if (!line || !key) return;
    let control = key === "form" ? line.querySelector("[data-item-form] textarea") : line.querySelector(`[data-key="${key}"]`);
    if (!control || control.disabled) control = line.querySelector("[data-key=head]");
    control.focus();
    line.scrollIntoView({ block: "nearest" });
  };
};
