// The timeline of a call, the newest first.

import { $, element, setText, setClock, clock, moment, took, badWords, oddWords } from "./elements.js";

const notes = new Map(); // by number
let settled = false; // what comes later is shown to be new

export function clear() {
  notes.clear();
  settled = false;
  $("notes").replaceChildren();
  $("no-notes").hidden = false;
}

export function take(news) {
  setClock(news.now);
  for (const [number, held] of notes) {
    if (number < news.first) {
      held.node.remove();
      notes.delete(number);
    }
  }
  for (const note of news.notes ?? []) put(note);
  settled = true;
  $("no-notes").hidden = Boolean($("notes").querySelector("li:not([hidden])"));
}

// put shows a note in its place, which it keeps when it changes.
function put(note) {
  const old = notes.get(note.n);
  if (!note.kind) { // it belongs to a call that is known now
    old?.node.remove();
    notes.delete(note.n);
    return;
  }
  const node = old?.node ?? make(note);
  notes.set(note.n, { note, node });
  fill(node, note);
  node.hidden = !passes(note);
  if (!old) $("notes").prepend(node);
}

function make(note) {
  const line = ["time", "what", "more", "marks", "took"].map((name) => element("span", { className: name }));
  const node = element("li", { className: "of-" + note.kind + (settled ? " fresh" : "") }, element("details", {}, element("summary", {}, ...line)));
  node.firstChild.addEventListener("toggle", () => showDetails(notes.get(note.n)));
  return node;
}

function fill(node, note) {
  const [time, what, more, marks, duration] = node.querySelector("summary").children;
  setText(time, clock(note.at));
  setText(what, title(note));
  setText(more, extra(note));
  marks.replaceChildren(...(note.marks ?? []).filter((word) => word !== "initial" && !(word === "open" && note.kind === "client"))
    .map((word) => element("span", { className: "mark " + (badWords.has(word) ? "bad" : oddWords.has(word) ? "odd" : "") }, word === "open" ? waitsFor[note.kind] : word)));
  setText(duration, note.took || (note.kind === "handler" && !note.marks?.includes("open")) ? took(note.took ?? 0) : "");
  node.classList.toggle("bad", (note.marks ?? []).some((word) => badWords.has(word)));
  node.classList.toggle("odd", (note.marks ?? []).some((word) => oddWords.has(word)));
  if (node.firstChild.open) showDetails({ note, node });
}

const waitsFor = { notification: "waits", request: "under way", handler: "running" };

// title says what a note is about, and extra what of it.
function title(note) {
  switch (note.kind) {
    case "state": return (note.what ? note.what + " → " : "") + note.detail;
    case "request": return note.what;
    case "handler": return note.what;
    case "client": return note.what;
    default: return note.what + (note.what.startsWith("operation") || !["created", "updated", "deleted"].includes(note.more) ? "" : " " + note.more);
  }
}

function extra(note) {
  const parts = [];
  switch (note.kind) {
    case "state":
      if (note.more && note.more !== "notification") parts.push("by " + note.more);
      break;
    case "request":
      parts.push(note.code ? note.detail + " " + note.code : note.detail);
      if (note.count > 1) parts.push(note.count + " attempts");
      if (note.by) parts.push("from " + note.by);
      break;
    case "handler":
      if (note.marks?.includes("initial")) parts.push("the present");
      else if (note.more && note.more !== "notification") parts.push("by " + note.more);
      if (note.count) parts.push(note.count + " folded");
      if (note.waited >= 1) parts.push("waited " + took(note.waited));
      break;
    case "client":
      if (note.count) parts.push(note.count + " people");
      break;
    default:
      if (note.detail) parts.push(note.detail);
      if (note.count) parts.push(note.count + " listed");
  }
  if (note.kind !== "request" && (note.code || note.subcode)) parts.push(note.code + "/" + (note.subcode ?? 0));
  if (note.about && note.kind === "notification") parts.push(note.about);
  if (note.private) parts.push(note.private);
  return parts.join(" · ");
}

// --- all of it ---

function rows(note) {
  const names = {
    notification: { id: "message", took: "in the state after", more: note.what.startsWith("operation") ? "operation" : "change" },
    request: { id: "client-request-id", reply: "request-id", took: "took", more: "route", detail: "method", code: "status", count: "attempts", by: "from handler" },
    state: { more: "cause" },
    handler: { id: "event", took: "took", waited: "waited", more: "cause", count: "folded" },
    client: { more: "cause", count: "people" },
  }[note.kind];
  const list = [["at", moment(note.at)]];
  for (const [name, label] of Object.entries(names)) {
    const value = note[name];
    if (value === undefined || value === "" || value === 0) continue;
    list.push([label, name === "took" || name === "waited" ? took(value) : String(value)]);
  }
  if (note.about) list.push([note.kind === "request" ? "scenario" : "call", note.about]);
  if (note.item) list.push(["item", String(note.item + 1)]);
  return list;
}

function showDetails({ note, node }) {
  const details = node.firstChild;
  details.querySelector("dl")?.remove();
  if (details.open) details.append(element("dl", {}, ...rows(note).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", { className: "id" }, value)))));
}

// --- what to show ---

function passes(note) {
  const chosen = [...$("kinds").querySelectorAll("input:checked")].map((box) => box.value);
  if (!chosen.includes(note.kind)) return false;
  if (chosen.includes("marked") && !(note.marks ?? []).some((word) => badWords.has(word) || oddWords.has(word) || word === "duplicate")) return false;
  const text = $("filter").value.trim().toLowerCase();
  return !text || [note.what, note.detail, note.more, note.about, note.id, note.reply, note.private, ...(note.marks ?? [])].some((part) => part?.toLowerCase().includes(text));
}

function sift() {
  for (const { note, node } of notes.values()) node.hidden = !passes(note);
  setText($("no-notes"), notes.size ? "Nothing of that kind." : "Nothing yet. What happens from now on appears here.");
  $("no-notes").hidden = Boolean($("notes").querySelector("li:not([hidden])"));
}

$("filter").addEventListener("input", sift);
$("kinds").addEventListener("change", sift);
