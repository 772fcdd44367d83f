// What the parts of the page share. All that comes from the wire becomes text,
// never markup.

export const $ = (id) => document.getElementById(id);

export function element(kind, properties = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// keyed makes a list's children those of the items, and keeps the elements of
// those that stay, so that the focus does.
export function keyed(list, items, key, make, update) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let before = list.firstElementChild;
  for (const item of items) {
    const k = String(key(item));
    let child = old.get(k);
    if (child) old.delete(k);
    else {
      child = make(item);
      child.dataset.key = k;
    }
    if (child === before) before = before.nextElementSibling;
    else list.insertBefore(child, before);
    update(child, item);
  }
  for (const child of old.values()) child.remove();
}

// --- time ---

let ahead = 0; // how much the server's clock is ahead of this one's

export function setClock(now) {
  ahead = now - Date.now();
}

export const serverNow = () => Date.now() + ahead;

// span is a length of time in two units at most, such as 4 m 12 s.
export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return seconds + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + " m " + String(seconds % 60).padStart(2, "0") + " s";
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours + " h " + String(minutes % 60).padStart(2, "0") + " m";
  return Math.floor(hours / 24) + " d " + (hours % 24) + " h";
}

// took is a duration as it was measured.
export function took(milliseconds) {
  if (milliseconds >= 10000) return span(milliseconds);
  if (milliseconds >= 1000) return (milliseconds / 1000).toFixed(1) + " s";
  if (milliseconds >= 10) return Math.round(milliseconds) + " ms";
  if (milliseconds >= 0.1) return milliseconds.toFixed(1) + " ms";
  return "<0.1 ms";
}

export const clock = (at) => new Date(at).toISOString().slice(11, 23);
export const moment = (at) => new Date(at).toISOString().replace("T", " ").replace("Z", " UTC");

// since and until have a node show how long ago or ahead a moment is, by itself.
export function since(node, at, otherwise = "–") {
  relative(node, "since", at, otherwise);
}

export function until(node, at, otherwise = "–") {
  relative(node, "until", at, otherwise);
}

function relative(node, direction, at, otherwise) {
  delete node.dataset.since;
  delete node.dataset.until;
  if (!at) {
    setText(node, otherwise);
    node.removeAttribute("title");
    return;
  }
  node.dataset[direction] = at;
  node.title = moment(at);
  tell(node);
}

function tell(node) {
  if (node.dataset.since) setText(node, span(serverNow() - node.dataset.since));
  else setText(node, node.dataset.until < serverNow() ? "due" : "in " + span(node.dataset.until - serverNow()));
}

export function tick() {
  for (const node of document.querySelectorAll("[data-since], [data-until]")) if (node.offsetParent) tell(node);
}

// --- words ---

export const count = (number, word) => (number ? number.toLocaleString("en") + " " + word + (number === 1 ? "" : "s") : "");
export const short = (id) => (id.length > 13 ? id.slice(0, 8) + "…" : id);
export const badWords = new Set(["unmatched", "refused", "failed", "panicked"]);
export const oddWords = new Set(["redelivered", "stale", "late", "waiting", "retried", "slow", "folded"]);

const trusts = { snapshot: "whole list", delta: "by changes", truncated: "cut at 100", stale: "change missing", unknown: "not known" };
export const trustText = (trust) => trusts[trust] ?? trust;

export function stateClass(state) {
  if (state === "terminated" || state === "terminating") return "over";
  if (state === "incoming" || state === "establishing" || state === "ringing") return "early";
  return state === "established" ? "live" : "between";
}
