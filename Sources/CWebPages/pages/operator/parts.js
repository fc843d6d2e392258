// The parts of the page that are words: the verdict, the surfaces, what went wrong, who wants in.

import { count, plural, say, timeAgo } from "./words.js";

const part = (id) => document.getElementById(id);

const states = {
  receiving: ["receiving", "good"], starting: ["starting", "warn"], retrying: ["retrying", "warn"],
  needsAttention: ["needs attention", "bad"], stopped: ["stopped", "bad"], disabled: ["switched off", "off"],
};

const agents = {
  ok: ["The agent answers.", "good"], unknown: ["The agent has not been asked yet.", "good"],
  failing: ["The agent does not answer", "bad"],
};

/// One sentence on how things are, and one on the agent.
export function showVerdict({ surfaces, agent, inbox }) {
  const enabled = surfaces.filter((surface) => surface.enabled);
  const silent = enabled.filter((surface) => surface.state !== "receiving");
  const [words, tone] = agents[agent.state] ?? [agent.state, "warn"];
  const verdict = part("verdict");
  const fails = agent.state === "failing";
  say(verdict, fails && enabled.length && !silent.length ? `${sentence(enabled, silent)}, but the agent does not answer` : sentence(enabled, silent));
  const isBad = tone === "bad" || silent.some((surface) => states[surface.state]?.[1] === "bad");
  verdict.closest(".verdict").dataset.tone = isBad ? "bad" : silent.length || !enabled.length ? "warn" : "good";
  const detail = fails && agent.reason ? `${words}: ${agent.reason}` : words;
  say(part("verdict-detail"), inbox === null ? `${detail} The stored state cannot be read.` : detail);
}

function sentence(enabled, silent) {
  if (enabled.length === 0) return "No surface is switched on";
  if (silent.length === 0) return enabled.length === 1 ? `${enabled[0].id} receives` : `All ${enabled.length} surfaces receive`;
  if (silent.length === 1) return `${silent[0].id} ${silent[0].state === "needsAttention" ? "needs attention" : "does not receive"}`;
  return `${silent.length} of ${enabled.length} surfaces do not receive`;
}

/// A card for each surface, kept while the surface is in the manifest.
export class Surfaces {
  constructor(list, template) {
    this.list = list;
    this.template = template;
    this.cards = new Map();
  }

  show(surfaces) {
    for (const [id, card] of this.cards) {
      if (surfaces.some((surface) => surface.id === id)) continue;
      card.remove();
      this.cards.delete(id);
    }
    surfaces.forEach((surface, index) => {
      const card = this.cards.get(surface.id) ?? this.template.content.firstElementChild.cloneNode(true);
      this.cards.set(surface.id, card);
      if (this.list.children[index] !== card) this.list.insertBefore(card, this.list.children[index] ?? null);
      this.fill(card, surface);
    });
  }

  fill(card, surface) {
    const find = (name) => card.querySelector(`.${name}`);
    const [words, tone] = states[surface.state] ?? [surface.state, "warn"];
    card.dataset.kind = surface.kind;
    card.dataset.tone = tone;
    say(find("brand"), surface.kind.slice(0, 1).toUpperCase());
    say(find("surface-title"), surface.id);
    say(find("surface-kind"), surface.kind);
    find("surface-kind").hidden = surface.kind === surface.id;
    say(find("surface-state"), words);
    find("surface-state").dataset.tone = tone;
    say(find("surface-reason"), surface.reason ?? "");
    find("surface-reason").hidden = !surface.reason;
    say(find("fact-messages"), count(surface.messages));
    say(find("fact-delivered"), count(surface.delivered));
    say(find("fact-waiting"), surface.inbox === null ? "–" : count(surface.inbox + surface.outbox));
    say(find("fact-undelivered"), count(surface.undelivered));
    find("fact-undelivered").parentElement.dataset.tone = surface.undelivered ? "bad" : "";
    last(find("surface-last"), surface, words);
    chips(find("chips"), surface);
  }
}

function last(line, surface, words) {
  const key = `${surface.state} ${surface.since} ${surface.lastReceivedAt}`;
  if (line.dataset.key === key) return;
  line.dataset.key = key;
  line.replaceChildren(`${words} for `, timeAgo(surface.since, true));
  if (surface.lastReceivedAt) line.append(" · last event ", timeAgo(surface.lastReceivedAt));
}

function chips(list, { enabled, settings, strangers, rateLimits }) {
  const texts = [
    enabled ? "on" : "off",
    `access: ${settings.access}${settings.users ? ` (${plural(settings.users, "user")})` : ""}`,
    `groups: ${settings.groups}`,
    `streaming: ${settings.streaming}${settings.editIntervalSeconds ? ` (${settings.editIntervalSeconds} s)` : ""}`,
    settings.receive,
    ...(settings.proxy ? ["through a proxy"] : []),
    ...(strangers ? [`${plural(strangers, "event")} of strangers`] : []),
    ...(rateLimits ? [plural(rateLimits, "rate limit")] : []),
  ];
  if (list.dataset.key === texts.join()) return;
  list.dataset.key = texts.join();
  list.replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    if (text === "on" || text === "off") item.dataset.tone = text === "on" ? "good" : "off";
    return item;
  }));
}

let shownTroubles = "";

export function showTroubles(troubles) {
  const key = JSON.stringify(troubles);
  if (key === shownTroubles) return;
  shownTroubles = key;
  part("troubles-empty").hidden = troubles.length > 0;
  part("troubles").replaceChildren(...troubles.map((trouble) => {
    const item = document.createElement("li");
    const head = document.createElement("p");
    head.className = "trouble-head";
    const level = document.createElement("span");
    level.className = "pill";
    level.dataset.tone = trouble.level === "error" ? "bad" : "warn";
    level.textContent = trouble.level;
    const phrase = document.createElement("b");
    phrase.textContent = trouble.phrase;
    const repeated = document.createElement("span");
    repeated.className = "trouble-count";
    repeated.textContent = trouble.count > 1 ? `${count(trouble.count)} times` : "";
    head.append(level, phrase, repeated, timeAgo(trouble.at));
    const fields = document.createElement("p");
    fields.className = "trouble-fields";
    fields.append(...trouble.fields.map(([name, value]) => field(name, value)));
    item.append(head, ...(trouble.fields.length ? [fields] : []));
    return item;
  }));
}

function field(name, value) {
  const node = document.createElement("span");
  const key = document.createElement("i");
  key.textContent = `${name} `;
  node.append(key, value);
  return node;
}

let shownPairings = "";

/// - pairings: `null` when the state cannot be read.
export function showPairings(pairings) {
  const key = JSON.stringify(pairings);
  if (key === shownPairings) return;
  shownPairings = key;
  const requests = pairings ?? [];
  part("pairings-empty").hidden = requests.length > 0;
  say(part("pairings-empty"), pairings ? "Nobody waits to be let in." : "The stored state cannot be read.");
  part("pairings-scroll").hidden = requests.length === 0;
  part("pairings-hint").hidden = requests.length === 0;
  say(part("pairings-command"), `surfaces pair approve ${requests.length === 1 ? requests[0].code : "CODE"}`);
  part("pairings").replaceChildren(...requests.map((request) => {
    const row = document.createElement("tr");
    const code = document.createElement("code");
    code.textContent = request.code;
    for (const content of [code, request.name || "–", request.user, request.surface, timeAgo(request.askedAt)]) {
      row.insertCell().append(content);
    }
    return row;
  }));
}
