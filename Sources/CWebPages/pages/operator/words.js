// Numbers and times in words.

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/// A span in its largest unit, and the next one where it still matters: `3 h 12 min`.
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const index = Math.max(0, units.findIndex(([, length]) => whole >= length));
  const [unit, length] = whole < 1 ? units.at(-1) : units[index];
  const count = Math.floor(whole / length);
  const smaller = units[index + 1];
  const rest = whole >= 60 && smaller ? Math.floor((whole % length) / smaller[1]) : 0;
  return rest && (count < 10 || unit === "h") && smaller[0] !== "s" ? `${count} ${unit} ${rest} ${smaller[0]}` : `${count} ${unit}`;
}

/// A latency with two significant digits: `8 ms`, `1.2 s`.
export function latency(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return `${Math.max(seconds * 1000, 0.1).toPrecision(2).replace(/\.0$/, "") * 1} ms`;
  return seconds < 60 ? `${Number(seconds.toPrecision(2))} s` : span(seconds);
}

export const count = (number) => (number === null || number === undefined ? "–" : number.toLocaleString("en"));
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
export const clock = (milliseconds) => new Date(milliseconds).toTimeString().slice(0, 5);

/// Sets `text` only when it is another, so that nothing is selected anew or read out twice.
export function say(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

/// A time that goes on being true: see `age`. With `isSpan` as `3 h`, else as `3 h ago`.
export function timeAgo(milliseconds, isSpan = false) {
  const node = document.createElement("time");
  if (isSpan) node.dataset.span = "";
  node.dateTime = new Date(milliseconds).toISOString();
  node.dataset.since = milliseconds;
  node.title = new Date(milliseconds).toLocaleString();
  return node;
}

/// Brings every `timeAgo` up to `now`, by the host’s clock.
export function age(now) {
  for (const node of document.querySelectorAll("time[data-since]")) {
    const seconds = (now - Number(node.dataset.since)) / 1000;
    if ("span" in node.dataset) say(node, span(seconds));
    else say(node, seconds < 2 ? "just now" : `${span(seconds)} ago`);
  }
}
