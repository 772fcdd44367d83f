// The list of calls. The inspector searches, sorts and cuts it into pages; here is
// shown what it says.

import { $, count, element, setText, keyed, since, until, setClock, short, trustText, stateClass } from "./elements.js";
import { listen } from "./stream.js";

const state = { q: "", show: "all", sort: "began", up: false, page: 0, rows: new Map(), order: [], matching: 0, perPage: 100 };

// address is the list's as it is, for the page's own.
export function address() {
  const values = new URLSearchParams();
  if (state.q) values.set("q", state.q);
  if (state.show !== "all") values.set("show", state.show);
  if (state.sort !== "began") values.set("sort", state.sort);
  if (state.up) values.set("up", "1");
  if (state.page) values.set("page", state.page);
  return "#" + values;
}

export function show(asked) {
  state.q = asked.get("q") ?? "";
  state.show = asked.get("show") ?? "all";
  state.sort = asked.get("sort") ?? "began";
  state.up = asked.has("up");
  state.page = Number(asked.get("page") ?? 0);
  if (document.activeElement !== $("search")) $("search").value = state.q;
  for (const radio of $("show").querySelectorAll("input")) radio.checked = radio.value === state.show;
  for (const button of $("calls").querySelectorAll("th button")) {
    const by = button.dataset.sort === state.sort;
    if (by) button.parentElement.setAttribute("aria-sort", state.up ? "ascending" : "descending");
    else button.parentElement.removeAttribute("aria-sort");
  }
  document.title = "Calls";
  $("home").href = $("back").href = address();
  $("calls").classList.remove("settled");
  listen("list?" + address().slice(1), () => state.rows.clear(), { list: take });
}

function take(news) {
  setClock(news.now);
  for (const row of news.rows ?? []) state.rows.set(row.id, row);
  for (const id of [...state.rows.keys()]) if (!news.order.includes(id)) state.rows.delete(id);
  $("personal").hidden = !news.personal;
  state.order = news.order;
  state.matching = news.matching;
  state.perPage = news.perPage;
  setText($("counts"), `${news.live.toLocaleString("en")} live, ${news.ended.toLocaleString("en")} ended, ${news.trouble.toLocaleString("en")} in trouble${news.refused ? ", " + count(news.refused, "POST") + " refused" : ""}`);
  $("counts").classList.toggle("bad", news.trouble > 0 || news.refused > 0);
  keyed($("calls").tBodies[0], state.order.map((id) => state.rows.get(id)).filter(Boolean), (row) => row.id, makeRow, showRow);
  requestAnimationFrame(() => $("calls").classList.add("settled")); // what comes later is shown to be new
  $("empty").hidden = state.order.length > 0;
  setText($("empty"), state.q || state.show !== "all" ? "No call matches." : "No calls yet.");
  showPages();
}

function showPages() {
  const last = Math.max(0, Math.ceil(state.matching / state.perPage) - 1);
  const page = Math.min(state.page, last);
  $("pages").hidden = last === 0;
  $("before").disabled = page === 0;
  $("after").disabled = page === last;
  setText($("where"), `${(page * state.perPage + 1).toLocaleString("en")}–${(page * state.perPage + state.order.length).toLocaleString("en")} of ${state.matching.toLocaleString("en")}`);
}

const columns = ["place", "call", "age", "people", "trust", "pending", "heard", "keep", "trouble"];
const labels = { age: "age", people: "people", trust: "roster", pending: "pending", heard: "heard", keep: "keep-alive" };

function makeRow(row) {
  const node = element("tr", { className: $("calls").classList.contains("settled") ? "fresh" : "" });
  node.parts = {};
  for (const name of columns) {
    const cell = element("td", { className: name });
    if (labels[name]) cell.dataset.label = labels[name];
    node.parts[name] = cell;
    node.append(cell);
  }
  const { call, place } = node.parts;
  place.append(element("span", { className: "state" }));
  call.append(element("a", { href: "#call=" + encodeURIComponent(row.id), className: "id", title: row.id }, short(row.id)), " ",
    element("span", { className: "kind" }), element("span", { className: "private" }));
  return node;
}

function showRow(node, row) {
  const c = node.parts;
  const place = c.place.firstChild;
  setText(place, row.state);
  place.className = "state " + stateClass(row.state);
  setText(c.call.querySelector(".kind"), (row.outgoing ? "↗ " : "↙ ") + row.kind);
  setText(c.call.querySelector(".private"), row.private ? " " + row.private : "");
  if (row.ended) {
    since(c.age, 0, "ended");
    c.age.title = row.end ?? "";
  } else since(c.age, row.began);
  setText(c.people, row.people ? String(row.people) : "");
  setText(c.trust, row.ended || row.trust === "unknown" ? "" : trustText(row.trust));
  c.trust.classList.toggle("odd", row.trust === "stale");
  setText(c.pending, row.pending ? String(row.pending) : "");
  since(c.heard, row.heard);
  until(c.keep, row.keepAlive, "");
  showTrouble(c.trouble, row);
}

function showTrouble(cell, row) {
  const marks = [];
  if (row.bad) marks.push({ key: "bad", style: "mark bad", text: count(row.bad, "failure") });
  if (row.odd) marks.push({ key: "odd", style: "mark odd", text: count(row.odd, "warning") });
  if (row.running) marks.push({ key: "run", style: "mark", text: "in a handler" });
  keyed(cell, marks, (m) => m.key, (m) => element("span", { className: m.style }), (node, m) => setText(node, m.text));
}

// --- what is asked ---

function ask(change) {
  Object.assign(state, change);
  const to = address();
  if (to === location.hash || (to === "#" && !location.hash)) return;
  history.replaceState(null, "", to);
  show(new URLSearchParams(to.slice(1)));
}

export function turn(by) {
  const last = Math.max(0, Math.ceil(state.matching / state.perPage) - 1);
  ask({ page: Math.min(Math.max(Math.min(state.page, last) + by, 0), last) });
}

// focus goes to the row of the call that was looked at. It does not go to the
// search, which would have a phone show its keyboard.
export function focus(id) {
  const row = id && document.querySelector(`#calls a[href="#call=${CSS.escape(encodeURIComponent(id))}"]`);
  (row || (id ? $("home") : $("none"))).focus();
}

let typed = 0;
$("search").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => ask({ q: $("search").value.trim(), page: 0 }), 150);
});
$("find").addEventListener("submit", (event) => event.preventDefault());
$("show").addEventListener("change", (event) => ask({ show: event.target.value, page: 0 }));
$("calls").tHead.addEventListener("click", (event) => {
  const by = event.target.closest("button")?.dataset.sort;
  if (by) ask({ sort: by, up: by === state.sort ? !state.up : false, page: 0 });
});
$("before").addEventListener("click", () => turn(-1));
$("after").addEventListener("click", () => turn(1));
