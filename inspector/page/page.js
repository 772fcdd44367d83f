// The page of the inspector: which part is shown, and its keys.

import { $, tick } from "./elements.js";
import * as list from "./list.js";
import * as call from "./call.js";

const parameters = () => new URLSearchParams(location.hash.slice(1));

function route() {
  const asked = parameters();
  const ofCall = asked.has("call") || asked.has("none");
  const opened = $("list").hidden !== ofCall;
  $("list").hidden = ofCall;
  $("call").hidden = !ofCall;
  $("counts").hidden = ofCall; // they are not followed meanwhile
  if (ofCall) call.show(asked.get("call") ?? "");
  else list.show(asked);
  if (opened && ofCall) {
    scrollTo(0, 0);
    $("title").focus({ preventScroll: true });
  } else if (opened) {
    list.focus(call.shown());
  }
}

// --- keys ---

const typing = (node) => node.matches("input[type=search], textarea");

// step moves the focus in a list that is too long for Tab.
function step(selector, by) {
  const all = [...document.querySelectorAll(selector)].filter((node) => node.offsetParent);
  const at = all.indexOf(document.activeElement.closest(selector));
  const next = all[at < 0 ? (by > 0 ? 0 : -1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(event) {
  const inCall = $("list").hidden;
  const rows = inCall ? "#notes summary" : "#calls tbody a";
  switch (event.key) {
    case "j": case "ArrowDown": return step(rows, 1);
    case "k": case "ArrowUp": return step(rows, -1);
    case "/": return $(inCall ? "filter" : "search").focus();
    case "n": return !inCall && list.turn(1);
    case "p": return !inCall && list.turn(-1);
    case "b": return inCall && $("bundle").click();
    case "?": return $("help").toggleAttribute("open");
    case "Escape": return inCall && (location.hash = list.address());
    default: return false;
  }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = typing(event.target);
  if (field && event.key === "Escape") {
    event.target.value = "";
    event.target.dispatchEvent(new Event("input"));
    event.target.blur();
    event.preventDefault();
  } else if (field && (event.key === "ArrowDown" || event.key === "Enter")) {
    event.preventDefault();
    step($("list").hidden ? "#notes summary" : "#calls tbody a", 1);
  } else if (!field && !(event.target.matches("input") && event.key.startsWith("Arrow")) && press(event) !== false) {
    event.preventDefault();
  }
});

$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  if ($("list").hidden) $("title").focus();
  else $("search").focus();
});

addEventListener("hashchange", route);
setInterval(tick, 1000);
route();
