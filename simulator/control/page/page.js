// The page of callsim. It shows what the stream of events says and sends what
// buttons ask for. All that comes from the wire becomes text, never markup.

const $ = (id) => document.getElementById(id);
const mostRows = 1000;
const state = { token: "", last: "", world: null, call: "", rows: [] };

// --- elements ---

function element(kind, properties = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// keyed makes a list's children those of the items, and keeps the elements of
// those that stay, so that the focus does.
function keyed(list, items, key, make, update) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let before = list.firstElementChild;
  for (const item of items) {
    const k = key(item);
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

function options(select, items, first) {
  const all = first ? [first, ...items] : items;
  keyed(select, all, (o) => o.value, (o) => element("option", { value: o.value }), (node, o) => setText(node, o.text));
}

function button(text, press, style = "") {
  return element("button", { type: "button", className: style, onclick: press }, text);
}

const short = (id) => id.slice(0, 8);

// --- the API ---

function say(text, bad = false) {
  $("said").className = bad ? "bad" : "";
  setText($("said"), text);
}

async function ask(method, path, body) {
  const headers = { Authorization: "Bearer " + state.token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await reply.text();
    const value = text ? JSON.parse(text) : null;
    if (!reply.ok) throw new Error(value?.error?.message ?? "refused: " + reply.status);
    say("");
    return value;
  } catch (error) {
    say(String(error.message ?? error), true);
    return undefined;
  }
}

const post = (path, body) => ask("POST", path, body);
const id = encodeURIComponent;

// --- the stream ---

async function listen() {
  for (;;) {
    try {
      await listenOnce();
    } catch {
      // told below, and tried again
    }
    if (!state.token) return;
    connection("disconnected; trying again", false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function connection(text, live) {
  setText($("connection"), text);
  $("connection").className = live ? "live" : "";
}

async function listenOnce() {
  const headers = { Authorization: "Bearer " + state.token };
  if (state.last) headers["Last-Event-ID"] = state.last;
  const reply = await fetch("/v1/events", { headers });
  if (reply.status === 401) {
    forgetToken();
    return;
  }
  if (!reply.ok) throw new Error(reply.status);
  connection("live", true);
  showKinds();
  let rest = "";
  for await (const text of reply.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) take(block);
    flush();
  }
}

// take reads one server-sent event; data is one line of JSON.
function take(block) {
  const event = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (!event.event) return;
  const value = JSON.parse(event.data);
  if (event.id) state.last = event.id;
  if (event.event === "world") state.world = value;
  else addRow({ kind: event.event, value });
}

// --- the token ---

function openWithToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname); // so that it is not read over a shoulder
  }
  state.token = sessionStorage.getItem("token") ?? "";
  if (state.token) listen();
  else forgetToken();
}

function forgetToken() {
  state.token = "";
  sessionStorage.removeItem("token");
  $("token").hidden = false;
  connection("needs the control token", false);
}

$("token").addEventListener("submit", (event) => {
  event.preventDefault();
  state.token = $("token-text").value.trim();
  sessionStorage.setItem("token", state.token);
  $("token").hidden = true;
  listen();
});

// --- who and what there is ---

function flush() {
  if (state.world) showWorld(state.world);
  showRows();
}

function showWorld(world) {
  const s = world.stats;
  setText($("stats"), `calls: ${s.liveCalls} live, ${s.endedCalls} ended · requests: ${s.requests} · notifications: ${s.delivered} taken, ${s.undelivered} not, ${s.dropped} lost`);
  options($("bot"), world.bots.map((b) => ({ value: b.appId, text: b.displayName + " at " + (b.callingWebhook || "no webhook") })));
  keyed($("people"), world.people, (p) => p.id, makePerson, (node, p) => showPerson(node, p, world));
  keyed($("meetings"), world.meetings, (m) => m.threadId, makeMeeting, (node, m) => showMeeting(node, m, world));
  showCalls(world);
  keyed($("faults"), world.faults, (f) => JSON.stringify(f), () => element("li"), (node, f) => setText(node, describeFault(f, s.injected)));
  for (const button of [$("heal"), $("release")]) button.disabled = world.faults.length === 0;
}

const reactions = { answers: "answers at once", rings: "lets it ring", declines: "declines", unreachable: "is unreachable" };

function makePerson(person) {
  const path = "/v1/people/" + id(person.id) + "/";
  const name = person.phone || person.displayName;
  const reaction = element("select", { "aria-label": "When a bot calls, " + name }, ...Object.entries(reactions).map(([value, text]) => element("option", { value }, "when called, " + text)));
  reaction.addEventListener("change", () => ask("PATCH", path.slice(0, -1), { whenCalled: reaction.value }));
  const call = async () => {
    const made = await post(path + "call", { botId: $("bot").value });
    if (made) pick(made.id);
  };
  const acts = {
    call: button("Call the bot", call, "main"), leave: button("Hang up", () => post(path + "leave")),
    mute: button("Mute", () => post(path + "mute")), unmute: button("Unmute", () => post(path + "unmute")),
    pickUp: button("Pick up", () => post(path + "pickUp"), "main"), decline: button("Decline", () => post(path + "decline")),
    invite: button("Invite the bot", () => post(path + "invite", { botId: $("bot").value })),
  };
  for (const act of Object.values(acts)) act.setAttribute("aria-label", act.textContent + ": " + name);
  const node = element("li", {}, element("span", { className: "name" }, name), " ", element("span", { className: "what" }),
    element("div", { className: "row" }, ...Object.values(acts), reaction));
  node.acts = acts;
  node.reaction = reaction;
  return node;
}

function placeOf(person, world) {
  const isThem = (p) => person.participantId && p.id === person.participantId;
  for (const m of world.meetings) {
    const seat = m.participants.find(isThem);
    if (seat) return { seat, text: "in " + (m.subject || "a meeting"), group: true };
  }
  for (const c of world.calls) {
    const seat = c.participants.find(isThem);
    if (seat && c.state !== "terminated") return { seat, text: "in call " + short(c.id), group: c.participants.length > 2 };
  }
  return person.participantId ? { seat: null, text: "in a call", group: false } : null;
}

function showPerson(node, person, world) {
  const place = placeOf(person, world);
  let what = place ? place.text : "free";
  if (place?.seat?.muted) what += ", muted";
  if (person.rings) what += `, ringing (${person.rings})`;
  setText(node.querySelector(".what"), what);
  const a = node.acts;
  a.call.hidden = Boolean(place) || world.bots.length === 0;
  a.leave.hidden = !place;
  a.mute.hidden = !place || Boolean(place.seat?.muted);
  a.unmute.hidden = !place?.seat?.muted;
  a.invite.hidden = !place?.group || world.bots.length === 0;
  a.pickUp.hidden = a.decline.hidden = !person.rings;
  if (document.activeElement !== node.reaction) node.reaction.value = person.whenCalled;
}

function makeMeeting(meeting) {
  const path = "/v1/meetings/" + id(meeting.threadId) + "/";
  const who = element("select", { "aria-label": "Who joins " + meeting.subject });
  const admit = button("Let the bot in", () => post(path + "admit", { botId: $("bot").value }), "main");
  const deny = button("Turn it away", () => post(path + "deny", { botId: $("bot").value }));
  const node = element("li", {}, element("span", { className: "name" }, meeting.subject || "Meeting"), " ", element("span", { className: "what" }),
    element("p", { className: "id" }, `id ${meeting.joinMeetingId}  passcode ${meeting.passcode}`),
    element("div", { className: "row" }, who, button("Join", () => post("/v1/people/" + id(who.value) + "/join", { meetingId: meeting.threadId })),
      admit, deny, button("End", () => post(path + "end"))));
  node.who = who;
  node.lobby = [admit, deny];
  return node;
}

function showMeeting(node, meeting, world) {
  options(node.who, world.people.map((p) => ({ value: p.id, text: p.phone || p.displayName })));
  const names = meeting.participants.map(nameOf);
  setText(node.querySelector(".what"), names.length ? names.join(", ") : "nobody is there");
  const waits = meeting.participants.some((p) => p.inLobby);
  for (const b of node.lobby) b.hidden = !waits;
}

function nameOf(p) {
  return (p.displayName || p.identityId || "somebody") + (p.inLobby ? " (lobby)" : "") + (p.muted ? " (muted)" : "");
}

// --- calls ---

const keys = { tone1: "1", tone2: "2", tone3: "3", tone4: "4", tone5: "5", tone6: "6", tone7: "7", tone8: "8", tone9: "9", star: "*", tone0: "0", pound: "#" };
const callPath = (act) => "/v1/calls/" + id(state.call) + "/" + act;

$("keypad").append(...Object.entries(keys).map(([tone, text]) => element("button", { type: "button", onclick: () => post(callPath("keys"), { tone }), "aria-label": "Press " + text, "data-tone": tone }, text)));
$("call-acts").append(
  button("Hang up", () => post(callPath("hangup")), "main"), button("Send the roster", () => post(callPath("roster"))),
  button("End with an error", () => post(callPath("end"), { code: 500, subcode: 1003, message: "Internal server error." })),
  button("Vanish", () => post(callPath("vanish"))));
$("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  post(callPath("speech"), { seconds: Number($("speak-seconds").value) });
});

function callTitle(call, world) {
  const caller = world.people.find((p) => p.id === call.callerId);
  const others = call.participants.filter((p) => p.identityId !== call.botId).map(nameOf);
  const who = caller ? caller.phone || caller.displayName : others.join(", ");
  return call.direction === "incoming" ? (who || "Somebody") + " calls" : "Bot calls " + (who || "somebody");
}

function pick(call) {
  state.call = call;
  if (state.world) showCalls(state.world);
}

function showCalls(world) {
  const calls = [...world.calls].reverse();
  if (!calls.some((c) => c.id === state.call)) state.call = calls[0]?.id ?? "";
  $("no-calls").hidden = calls.length > 0;
  keyed($("calls"), calls.slice(0, 12), (c) => c.id,
    (c) => element("li", {}, element("button", { type: "button", onclick: () => pick(c.id) }, element("span", { className: "name" }), element("span", { className: "id" }, short(c.id)), element("span", { className: "state" }))),
    (node, c) => {
      const b = node.firstElementChild;
      b.setAttribute("aria-pressed", String(c.id === state.call));
      const title = callTitle(c, world);
      if (!node.title || c.state !== "terminated") node.title = title;
      setText(b.querySelector(".name"), node.title);
      setText(b.querySelector(".state"), c.state);
      b.querySelector(".state").className = "state " + (c.state === "established" || c.state === "terminated" ? c.state : "");
    });
  options($("filter"), calls.map((c) => ({ value: c.id, text: short(c.id) + " " + c.state })), { value: "", text: "all calls" });
  showCall(calls.find((c) => c.id === state.call));
}

function showCall(call) {
  $("call").hidden = !call;
  if (!call) return;
  setText($("call-title"), "Call " + short(call.id));
  const over = call.state === "terminated";
  for (const b of $("call").querySelectorAll("button, input")) b.disabled = over;
  $("tones-hint").hidden = over || call.tonesSubscribed;
  const facts = { state: call.state, "in it": call.participants.map(nameOf).join(", ") || "nobody", "keep-alives": String(call.keepAlives), notifications: call.callbackUri || "no address" };
  if (call.keysSent.length) facts["keys from the bot"] = call.keysSent.join(" ");
  if (call.rejected) facts.rejected = call.rejected;
  if (call.recordingStatus) facts.recording = call.recordingStatus;
  if (call.result) facts.result = `${call.result.code}/${call.result.subcode} ${call.result.message}`;
  keyed($("call-facts"), Object.entries(facts).flatMap(([name, text]) => [{ kind: "dt", name, text: name }, { kind: "dd", name, text }]),
    (f) => f.kind + f.name, (f) => element(f.kind), (node, f) => setText(node, f.text));
}

// --- people and meetings to add ---

$("add-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("person-name").value.trim();
  const made = await post("/v1/people", /^\+[0-9]+$/.test(text) ? { phone: text } : { displayName: text });
  if (made) $("person-name").value = "";
});

$("add-meeting").addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = await post("/v1/meetings", { subject: $("meeting-subject").value.trim(), lobby: $("meeting-lobby").value });
  if (made) $("meeting-subject").value = "";
});

// --- faults ---

// showKinds asks which faults there are, and lets their arguments be changed.
async function showKinds() {
  const { kinds } = (await ask("GET", "/v1/faults")) ?? { kinds: [] };
  options($("fault"), kinds.map((k) => ({ value: k.kind, text: k.kind + ": " + k.summary })));
  const showParameters = () => {
    const kind = kinds.find((k) => k.kind === $("fault").value);
    $("fault-call").disabled = !kind?.perCall;
    $("arguments").replaceChildren(...(kind?.parameters ?? []).map((p) =>
      element("label", {}, p.name + " ", element("input", { name: p.name, value: p.default, autocomplete: "off" }))));
  };
  $("fault").onchange = showParameters;
  showParameters();
}

$("inject").addEventListener("submit", (event) => {
  event.preventDefault();
  const fault = { kind: $("fault").value, arguments: {} };
  for (const input of $("arguments").querySelectorAll("input")) fault.arguments[input.name] = input.value;
  if ($("fault-call").checked && !$("fault-call").disabled && state.call) fault.callId = state.call;
  post("/v1/faults", fault);
});
$("release").addEventListener("click", () => post("/v1/faults/release", {}));
$("heal").addEventListener("click", () => ask("DELETE", "/v1/faults"));

function describeFault(fault, injected) {
  const text = Object.entries(fault.arguments).map(([name, value]) => name + " " + value).join(", ");
  return "● " + fault.kind + (text ? ": " + text : "") + (fault.callId ? ", in call " + short(fault.callId) : "") + `, struck ${injected[fault.kind] ?? 0} times`;
}

// --- the diagram ---

const fresh = [];

function addRow(row) {
  state.rows.push(row);
  fresh.push(row);
  if (state.rows.length > mostRows) {
    for (const old of state.rows.splice(0, state.rows.length - mostRows)) old.node?.remove();
  }
}

function showRows() {
  const added = fresh.splice(0);
  for (const row of added) {
    if (!state.rows.includes(row)) continue;
    row.node = makeRow(row);
    row.node.hidden = !passes(row);
    place(row);
  }
  $("no-rows").hidden = state.rows.some((row) => !row.node?.hidden);
  if (added.length && $("follow").checked) added.at(-1).node?.scrollIntoView({ block: "nearest" });
}

// place puts a row where its time is: exchanges are told of when they end, and
// shown where they begin.
function place(row) {
  const time = (node) => Number(node.dataset.at);
  row.node.dataset.at = String(Date.parse(row.value.at));
  let before = null;
  for (let last = $("rows").lastElementChild; last && time(last) > time(row.node); last = last.previousElementSibling) before = last;
  $("rows").insertBefore(row.node, before);
}

const passes = (row) => !$("filter").value || row.value.callId === $("filter").value;

$("filter").addEventListener("change", () => {
  for (const row of state.rows) if (row.node) row.node.hidden = !passes(row);
  showRows();
});
$("clear").addEventListener("click", () => {
  for (const row of state.rows.splice(0)) row.node?.remove();
  showRows();
});

function makeRow({ kind, value }) {
  return element("li", { className: "row-fresh" }, kind === "act" ? makeAct(value) : makeExchange(value));
}

const clock = (at) => new Date(at).toISOString().slice(11, 23);
const callMark = (call) => (call ? element("span", { className: "soft id" }, short(call)) : "");

function makeAct(act) {
  if (act.fault) return element("p", { className: "note", title: clock(act.at) }, element("span", {}, act.who + ": " + act.what));
  return element("div", { className: "left to act", title: clock(act.at) },
    element("div", { className: "label" }, element("b", {}, act.who + " " + act.what), callMark(act.callId)), element("span", { className: "arrow" }));
}

function makeExchange(x) {
  const failed = x.status === 0 || x.status >= 400;
  const label = element("div", { className: "label" }, element("b", {}, title(x)),
    element("span", { className: "status" }, x.status ? String(x.status) : "–"),
    ...x.marks.map((mark) => element("span", { className: "mark" }, mark)),
    callMark(x.callId), element("span", { className: "soft" }, `${clock(x.at)} · ${x.milliseconds} ms`));
  const summary = element("summary", { className: `right ${x.toBot ? "to" : "fro"} ${x.marks.length ? "trouble" : ""} ${failed ? "failed" : ""}` }, label, element("span", { className: "arrow" }));
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector(".body")) details.append(makeBody(x));
  });
  return details;
}

// title says in a few words what an exchange is about.
function title(x) {
  if (!x.toBot) return x.method + " " + x.path.replace(/^\/(v1\.0|beta)\/(communications\/)?/, (_, version) => (version === "beta" ? "beta " : "")).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, short);
  let items;
  try {
    items = JSON.parse(x.requestBody).value;
  } catch {
    items = undefined;
  }
  if (!Array.isArray(items)) return x.method + " " + x.path;
  return items.map(newsTitle).join(" + ");
}

function newsTitle(item) {
  const data = item?.resourceData;
  const words = [item?.changeType];
  const collection = String(item?.resourceUrl ?? item?.resource ?? "").match(/\/(participants|operations|audioRoutingGroups|contentSharingSessions)/)?.[1];
  if (collection) words.push(collection);
  if (Array.isArray(data)) words.push("of " + data.length);
  else if (data && typeof data === "object") words.push(data.state ?? data.status ?? "", data.toneInfo?.tone ?? "", data.mediaState ? "media" : "");
  return words.filter((word) => typeof word === "string" && word).join(" ") || "notification";
}

function makeBody(x) {
  return element("div", { className: "body" },
    side(`${x.method} ${x.url}`, x.requestHeader, x.requestBody),
    side(x.status ? "Answer " + x.status : "No answer" + (x.error ? ": " + x.error : ""), x.responseHeader, x.responseBody));
}

function side(heading, header, body) {
  const rows = Object.entries(header).sort().map(([name, text]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, text)));
  const node = element("div", {}, element("h4", {}, heading), element("table", {}, element("tbody", {}, ...rows)));
  if (body) node.append(element("pre", { tabIndex: 0 }, pretty(body)));
  return node;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

openWithToken();
