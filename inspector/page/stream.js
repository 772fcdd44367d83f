// The stream of events from the inspector: one at a time, of what is looked at.

import { $, setText } from "./elements.js";

let source = null;
let again = 0;

function connection(text, style) {
  setText($("connection"), text);
  $("connection").className = style;
}

// listen asks for a stream, in place of the one before. Each time it opens, begun is
// called: what comes then comes from the beginning.
export function listen(address, begun, handlers) {
  stop();
  source = new EventSource(address);
  const own = source;
  own.onopen = () => {
    connection("live", "live");
    begun();
  };
  for (const [kind, take] of Object.entries(handlers)) own.addEventListener(kind, (event) => take(JSON.parse(event.data)));
  own.addEventListener("closed", () => {
    stop();
    connection("closed", "");
  });
  own.onerror = () => {
    connection("disconnected; trying again", "");
    if (own.readyState === EventSource.CLOSED && own === source) again = setTimeout(() => listen(address, begun, handlers), 2000);
  };
}

function stop() {
  clearTimeout(again);
  source?.close();
}
