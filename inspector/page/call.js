// One call: its facts, the states it went through, who is in it, and its timeline.

import { $, count, element, setText, keyed, since, until, span, took, serverNow, clock, moment, short, trustText, stateClass } from "./elements.js";
import { listen } from "./stream.js";
import { draw } from "./diagram.js";
import * as timeline from "./timeline.js";

let id = "";

export const shown = () => id;

export function show(asked) {
  id = asked;
  const query = "?id=" + encodeURIComponent(id);
  $("bundle").href = "bundle" + query;
  setText($("title"), id ? "Call " + short(id) : "What belongs to no call");
  document.title = $("title").textContent;
  $("end").hidden = Boolean(id);
  setText($("end"), id ? "" : "Requests that are about no call yet, such as those that create one, and notifications of calls that are not known.");
  $("end").className = "hint";
  for (const part of ["states", "people", "facts-part"]) $(part).hidden = !id;
  for (const link of $("jump").children) link.hidden = !id;
  timeline.clear();
  listen("call" + query, timeline.clear, { call: take, timeline: timeline.take, gone });
}

function gone() {
  setText($("title"), "There is no such call, or none any more");
}

function take(call) {
  if (id) {
    setText($("title"), "");
    $("title").append(element("span", { className: "state " + stateClass(call.state) }, call.state), " ", (call.outgoing ? "outgoing " : "incoming ") + call.kind + (call.private ? ", " + call.private : ""));
    document.title = call.state + " " + short(id);
  }
  if (id) {
    $("end").hidden = !call.end;
    setText($("end"), call.end ? "Ended: " + call.end : "");
    $("end").className = call.end && !/, (normal|rejected)(:|$)/.test(call.end) ? "bad" : "";
  }
  $("personal").hidden = !call.personal;
  showFacts(call);
  $("facts-part").hidden = !$("facts").firstChild;
  if (!id) return;
  draw($("diagram"), call.edges ?? [], call.state);
  showPath(call.path ?? [], call);
  showRoster(call.roster);
}

// --- facts ---

function facts(call) {
  const list = [];
  const add = (name, show, style = "") => list.push({ name, show, style });
  const text = (value) => (node) => setText(node, String(value));
  const identity = (value) => (node) => {
    setText(node, value);
    node.classList.add("id");
  };
  const live = !call.ended;
  if (id) {
    add("Age", live ? (node) => since(node, call.began) : text(span(call.ended - call.began)));
    if (!live) add("Ended", (node) => since(node, call.ended), "ago");
    add("Last heard", (node) => since(node, call.heard, "never"), "ago");
    if (live) add("Keep-alive", (node) => until(node, call.keepAlive, "none"));
    add("People", text(call.people));
    if (live) add("Roster", text(trustText(call.roster.trust)), call.roster.trust === "stale" ? "odd" : "");
    if (live) add("Pending", showPending(call.pendings ?? []));
    if (live && call.inputs) add("Inputs waiting", text(call.inputs), "odd");
    if (live && call.updates) add("Updates waiting", text(call.updates), "odd");
    if (live && call.resting) add("Memory", text("at rest"));
    if (call.media && live) add("Audio", text(call.media));
    if (call.doubted) add("Not confirmed for", (node) => since(node, call.doubted), "odd");
  }
  if (call.posts) add("POSTs to the webhook", text(call.posts.came.toLocaleString("en")));
  for (const [reason, times] of Object.entries(call.posts?.refused ?? {})) add("Refused: " + reason, text(times.toLocaleString("en")), "bad");
  if (call.bad || call.odd) add("Marked", text([count(call.bad, "failure"), count(call.odd, "warning")].filter(Boolean).join(", ")), call.bad ? "bad" : "odd");
  if (id) add("Call", identity(call.id), "wide");
  for (const [name, value] of [["Scenario", call.scenario], ["Chain", call.chain], ["Tenant", call.tenant]]) if (value) add(name, identity(value), "wide");
  return list;
}

const showPending = (pendings) => (node) => {
  setText(node, pendings.map((p) => (p.what || "operation") + (p.since ? " for " + span(serverNow() - p.since) : "")).join(", ") || "nothing");
  node.title = pendings.map((p) => p.id).filter(Boolean).join(", ");
};

function showFacts(call) {
  keyed($("facts"), facts(call), (f) => f.name, (f) => element("div", {}, element("dt", {}, f.name), element("dd")),
    (node, f) => {
      node.className = f.style;
      f.show(node.lastElementChild);
    });
}

// --- states ---

function showPath(path, call) {
  keyed($("path"), path.map((step, at) => ({ ...step, key: at + step.state + step.at, until: path[at + 1]?.at ?? call.ended })), (s) => s.key,
    () => element("li", {}, element("span", { className: "time" }), element("b"), element("span", { className: "soft" })),
    (node, step) => {
      const [time, name, more] = node.children;
      setText(time, clock(step.at));
      time.title = moment(step.at);
      setText(name, step.state);
      name.className = "state " + stateClass(step.state);
      const parts = [];
      if (step.skipped?.length) parts.push("never told: " + step.skipped.join(", "));
      if (step.cause && step.cause !== "notification") parts.push("by " + step.cause);
      if (step.result) parts.push(step.result);
      if (step.until && step.until > step.at) parts.push("for " + took(step.until - step.at));
      setText(more, parts.join(" · "));
    });
}

// --- people ---

const kinds = { audio: "audio", video: "video", videoBasedScreenSharing: "screen", data: "data", unknown: "other" };
const arrows = { sendReceive: "⇄", sendOnly: "→", receiveOnly: "←", inactive: "off" };

function showRoster(roster) {
  const seats = roster.seats ?? [];
  keyed($("roster").tBodies[0], seats.map((s, at) => ({ ...s, key: s.id ?? s.who + at })), (s) => s.key,
    () => element("tr", {}, ...["th", "td", "td", "td"].map((kind) => element(kind))), showSeat);
  $("roster").parentElement.hidden = seats.length === 0;
  setText($("people-title"), roster.total ? `People (${roster.total.toLocaleString("en")})` : "People");
  let hint = "";
  if (roster.total > seats.length) hint = `${seats.length} of ${roster.total.toLocaleString("en")} are shown.`;
  else if (!seats.length) hint = "Nobody is listed. In a call of two the platform lists nobody.";
  setText($("no-people"), hint);
}

function showSeat(row, seat) {
  const [who, mic, place, streams] = row.children;
  who.scope = "row";
  setText(who, seat.self ? "this bot" : seat.who);
  who.title = [seat.who, seat.kind, seat.role, seat.id].filter(Boolean).join(", ");
  setText(mic, seat.muted ? (seat.serverMuted ? "muted by server" : "muted") : "on");
  mic.className = seat.muted ? "odd" : "";
  const where = [seat.lobby ? "lobby" : "", seat.held ? "on hold" : "", seat.recording ?? ""].filter(Boolean).join(", ");
  setText(place, where || "in the call");
  place.className = where ? "odd" : "";
  setText(streams, (seat.streams ?? []).map((s) => (kinds[s.kind] ?? s.kind) + " " + (arrows[s.direction] ?? s.direction) + (s.muted ? " muted" : "")).join(", ") || "–");
}

$("jump").addEventListener("click", (event) => {
  const to = event.target.dataset.to;
  if (!to) return;
  event.preventDefault();
  $(to).scrollIntoView();
  $(to + "-title").focus({ preventScroll: true });
});
