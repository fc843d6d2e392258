// The operator’s page: asks the host for its overview again and again, and hands it to the parts of the page.

import { Surfaces, showPairings, showTroubles, showVerdict } from "./parts.js";
import { BarPlot, LinePlot } from "./plots.js";
import { age, count, say, span } from "./words.js";

const pause = 2000;
const patience = 10000;

const part = (id) => document.getElementById(id);
const surfaces = new Surfaces(part("surfaces"), part("surface-template"));
const plots = {
  messages: new BarPlot(part("plot-messages"), "Messages", "accepted messages a minute"),
  answers: new BarPlot(part("plot-answers"), "Answers", "questions that ended, a minute"),
  added: new LinePlot(part("plot-added"), "Added latency", "from a question to its request to the agent"),
  text: new LinePlot(part("plot-text"), "Agent’s first text", "from the request to the first text"),
  delivery: new LinePlot(part("plot-delivery"), "Delivery", "from a message owed to it being there"),
};

let shown = null;
/// The host’s clock less ours, in milliseconds.
let offset = 0;
let started = 0;

async function refresh() {
  try {
    const response = await fetch("overview.json", { signal: AbortSignal.timeout(patience), cache: "no-store" });
    if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error ?? `answered ${response.status}`);
    show(await response.json());
    reach(true);
  } catch (error) {
    reach(false, error.name === "TimeoutError" ? "The host is slow to answer" : error.name === "TypeError" ? "The host does not answer" : error.message);
  }
}

function reach(isReached, reason) {
  const connection = part("connection");
  say(connection, isReached ? "live" : shown ? `${reason}; this is from ${new Date(shown.now).toTimeString().slice(0, 8)}` : reason);
  connection.dataset.state = isReached ? "good" : "bad";
  document.body.classList.toggle("lost", !isReached);
}

function show(overview) {
  shown = overview;
  offset = overview.now - Date.now();
  started = overview.now - overview.uptimeSeconds * 1000;
  showVerdict(overview);
  const messages = overview.minutes.flatMap((minute) => Object.values(minute.messages)).reduce((sum, number) => sum + number, 0);
  say(part("count-messages"), count(messages));
  for (const queue of ["inbox", "running", "outbox"]) say(part(`count-${queue}`), count(overview[queue]));
  surfaces.show(overview.surfaces);
  showPlots(overview);
  showTroubles(overview.troubles);
  showPairings(overview.pairings);
  tick();
}

function showPlots({ minutes, surfaces, now }) {
  const known = new Map(surfaces.map((surface) => [surface.id, surface.kind]));
  for (const id of minutes.flatMap((minute) => Object.keys(minute.messages))) if (!known.has(id)) known.set(id, "");
  plots.messages.show(now, minutes, [...known].map(([id, kind], index) => ({
    name: id, tone: kind, index, value: (minute) => minute.messages[id] ?? 0,
  })));
  plots.answers.show(now, minutes, [
    { name: "answered", tone: "good", value: (minute) => minute.answered },
    { name: "ended in a notice", tone: "bad", value: (minute) => minute.unanswered },
  ]);
  const lines = (of) => [
    { name: "95 % within", tone: "most", value: (minute) => minute[of]?.p95 ?? null },
    { name: "half within", tone: "half", value: (minute) => minute[of]?.p50 ?? null },
  ];
  plots.added.show(now, minutes, lines("added"));
  plots.text.show(now, minutes, lines("firstText"));
  plots.delivery.show(now, minutes, lines("delivery"));
}

function tick() {
  if (!shown) return;
  const now = Date.now() + offset;
  age(now);
  say(part("version"), `Version ${shown.version} · running for ${span((now - started) / 1000)}`);
}

/// One request at a time, none while nobody looks.
async function follow() {
  for (;;) {
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) {
      await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
    }
  }
}

setInterval(tick, 1000);
follow();
