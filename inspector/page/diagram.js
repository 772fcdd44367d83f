// The states a call may be in, with the way it took.

import { stateClass } from "./elements.js";

const places = {
  incoming: [180, 22], establishing: [180, 76], ringing: [180, 130], established: [180, 196], terminating: [180, 272], terminated: [180, 326],
  redirecting: [54, 146], hold: [54, 226], transferring: [306, 160], transferAccepted: [306, 226],
};

// The steps the platform is known to take, but for those that end a call, which
// lead there from everywhere.
const steps = [
  ["incoming", "establishing"], ["incoming", "redirecting"], ["established", "redirecting"], ["establishing", "ringing"],
  ["establishing", "established"], ["ringing", "established"], ["established", "hold"], ["hold", "established"],
  ["established", "transferring"], ["transferring", "transferAccepted"], ["transferring", "established"],
  ["transferAccepted", "established"], ["redirecting", "established"], ["established", "terminating"], ["terminating", "terminated"],
];

const width = 100;
const height = 26;

function svg(kind, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

let drawn = "";

// draw shows the edges taken, each with how often, and where the call is now.
export function draw(place, edges, now) {
  const key = JSON.stringify([edges, now]);
  if (key === drawn && place.firstChild) return;
  drawn = key;
  const taken = new Map(edges.filter((e) => e.from in places && e.to in places).map((e) => [e.from + " " + e.to, e.times]));
  const been = new Set(edges.flatMap((e) => [e.from, e.to]));
  const words = edges.map((e) => `${e.from || "the beginning"} to ${e.to}${e.times > 1 ? ", " + e.times + " times" : ""}`).join("; ");
  const root = svg("svg", { viewBox: "0 0 360 348", role: "img", "aria-label": `The call is ${now || "not known"}. Taken: ${words || "nothing"}.` });
  root.append(svg("defs", {}, svg("marker",
    { id: "arrowhead", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" },
    svg("path", { d: "M0 0L8 4L0 8z" }))));
  for (const [from, to] of steps) if (!taken.has(from + " " + to)) root.append(arrow(from, to, "possible"));
  for (const [way, times] of taken) root.append(...takenArrow(...way.split(" "), times));
  for (const [state, [x, y]] of Object.entries(places)) {
    const style = state === now ? "now " + stateClass(state) : been.has(state) ? "been" : "";
    root.append(svg("g", { class: style }, svg("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 7 }),
      svg("text", { x, y: y + 4 }, state)));
  }
  place.replaceChildren(root);
}

function takenArrow(from, to, times) {
  const line = arrow(from, to, "taken");
  if (times < 2) return [line];
  const [x, y] = middle(from, to);
  return [line, svg("text", { class: "times", x, y: y + 4 }, "×" + times)];
}

function arrow(from, to, style) {
  const { start, end, bend } = ends(from, to);
  const line = svg("path", { class: "way " + style, d: `M${start}Q${bend} ${end}` });
  if (style === "taken") line.setAttribute("marker-end", "url(#arrowhead)");
  return line;
}

function middle(from, to) {
  const { start, end, bend } = ends(from, to);
  return [0, 1].map((i) => (start[i] + 2 * bend[i] + end[i]) / 4);
}

// ends says where an arrow leaves a box and where it comes in, and the point it is
// drawn towards on its way.
function ends(from, to) {
  const [x1, y1] = places[from];
  const [x2, y2] = places[to];
  if (x1 === x2 && Math.abs(y2 - y1) < 80) {
    const start = [x1, y1 + height / 2];
    const end = [x2, y2 - height / 2];
    return { start, end, bend: [x1, (start[1] + end[1]) / 2] };
  }
  if (x1 === x2) { // past what is in between
    const start = [x1 + width / 2, y1 + 4];
    const end = [x2 + width / 2, y2 - 4];
    return { start, end, bend: [x1 + width / 2 + 26 + Math.abs(y2 - y1) / 10, (y1 + y2) / 2] };
  }
  const right = x2 > x1 ? 1 : -1;
  const back = to === "established" ? 7 : -7; // there and back beside each other
  const start = [x1 + right * width / 2, y1 + back];
  const end = [x2 - right * width / 2, y2 + back];
  return { start, end, bend: [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + back * 2] };
}
