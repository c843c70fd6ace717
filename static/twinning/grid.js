"use strict";
// A block that is pasted into a cell fills the cells to the right and below, in new rows where the
// table ends; Enter goes down a column. Without this file cells are typed one by one, and a block is
// pasted into its own field.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("grid");
  const body = form && form.querySelector("tbody");
  if (!body) return;
  const told = document.getElementById("grid-told");
  const CELL = "td input, td textarea";
  const cells = (row) => [...row.querySelectorAll(CELL)];
  const place = (cell) => {
    const row = cell.closest("tr");
    return [[...body.rows].indexOf(row), cells(row).indexOf(cell)];
  };

  // A new row is a copy of the last one, with nothing in it.
  const addRow = () => {
    const last = body.rows[body.rows.length - 1];
    const row = last.cloneNode(true);
    const number = body.rows.length + 1;
    const numbered = (text) => text.replace(/\d+$/, number);
    row.querySelector("th span").textContent = number;
    row.querySelector("[name=seen]").value = "";
    row.classList.remove("errors");
    row.querySelectorAll("p").forEach((told) => told.remove());
    for (const cell of cells(row)) {
      cell.id = numbered(cell.id);
      cell.setAttribute("aria-label", numbered(cell.getAttribute("aria-label")));
      for (const name of ["readonly", "aria-invalid", "aria-describedby"]) cell.removeAttribute(name);
      cell.value = cell.defaultValue = "";
    }
    body.append(row);
  };

  // Cells apart by tabs, rows by lines; a quoted cell may hold both.
  const split = (text) => {
    const rows = [[]];
    const parts = /("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/gy;
    const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let part = parts.exec(whole); part; part = parts.exec(whole)) {
      const [, cell, end] = part;
      rows[rows.length - 1].push(/^".*"$/s.test(cell) ? cell.slice(1, -1).replace(/""/g, '"') : cell);
      if (!end) break;
      if (end === "\n") rows.push([]);
    }
    return rows;
  };

  const fill = (cell, block) => {
    const [top, left] = place(cell);
    while (body.rows.length < top + block.length) addRow();
    block.forEach((line, down) => {
      const row = cells(body.rows[top + down]);
      line.slice(0, row.length - left).forEach((text, right) => { row[left + right].value = text; });
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const go = (cell, down) => {
    const [row, column] = place(cell);
    if (row + down === body.rows.length) addRow();
    const next = body.rows[row + down];
    if (next) { cells(next)[column].focus(); }
  };

  body.addEventListener("paste", (event) => {
    const cell = event.target.closest(CELL);
    const text = event.clipboardData.getData("text/plain");
    if (!cell || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const block = split(text);
    const room = cells(cell.closest("tr")).length - place(cell)[1];
    const isWide = block.some((line) => line.length > room);
    told.textContent = isWide ? told.dataset.wide : "";
    if (!isWide) fill(cell, block);
  });

  body.addEventListener("keydown", (event) => {
    const cell = event.target.closest(CELL);
    if (!cell || event.isComposing || event.ctrlKey || event.metaKey) return;
    const upright = event.key === "ArrowUp" || event.key === "ArrowDown";
    if (event.key === "Enter" && event.altKey && cell.tagName === "TEXTAREA") {
      event.preventDefault();
      cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(cell, event.shiftKey ? -1 : 1);
    } else if (upright && !event.altKey && !event.shiftKey && !cell.list && !cell.value.includes("\n")) {
      event.preventDefault();
      go(cell, event.key === "ArrowUp" ? -1 : 1);
    }
  });
});
