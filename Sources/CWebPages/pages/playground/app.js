// The playground: keeps what the server tells and hands it to the phones and to the panel.

import { Phone } from "./phone.js";
import { Panel } from "./panel.js";

const values = new Map();
const phones = new Map();
const panel = new Panel(act);
let reached = null;

/// Asks the server for something; complains when it is refused.
async function act(verb, body) {
  try {
    const response = await fetch(`/api/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return true;
    complain((await response.json().catch(() => ({}))).error ?? `refused (${response.status})`);
  } catch {
    complain("The playground does not answer. Is “surfaces demo” still running?");
  }
  return false;
}

let toastTimer;
function complain(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, 6000);
}

function connect() {
  const source = new EventSource("/api/events");
  source.addEventListener("open", () => reach(true));
  source.addEventListener("error", () => reach(false));
  source.addEventListener("reset", () => {
    values.clear();
    panel.reset();
  });
  source.addEventListener("message", (event) => {
    const { key, value } = JSON.parse(event.data);
    if (value === null) values.delete(key); else values.set(key, value);
    show(key, value);
  });
}

function reach(isReached) {
  if (reached === isReached) return;
  reached = isReached;
  const connection = document.getElementById("connection");
  connection.textContent = isReached ? "connected" : "not connected";
  connection.dataset.state = isReached ? "good" : "bad";
  document.body.classList.toggle("lost", !isReached);
}

function show(key, value) {
  const [kind, id, ...rest] = key.split("/");
  switch (kind) {
    case "order": return arrange(value);
    case "chat": return phones.get(id)?.show(rest.join("/"), value);
    case "commands": return phones.get(id)?.setCommands(value ?? []);
    case "status":
      panel.status(value);
      for (const phone of phones.values()) {
        phone.setState(value?.surfaces?.find((surface) => surface.id === phone.id) ?? null);
      }
      return;
    case "host": return panel.host(value);
    case "agent": return panel.agent(value);
    case "contexts": return panel.contexts(value ?? [], ownerName);
    case "run": return panel.run(id, value, title);
    case "trouble": return panel.trouble(id, rest[0], value);
  }
}

const title = (id) => values.get(`messenger/${id}`)?.title ?? id ?? "";

/// The name of a context’s owner: `person:SURFACE:ACCOUNT` or `group:SURFACE:CHAT`.
function ownerName(owner) {
  const [kind, surface, ...rest] = owner.split(":");
  const messenger = values.get(`messenger/${surface}`);
  const account = rest.join(":");
  const found = kind === "group"
    ? messenger?.chats.find((chat) => chat.id === account)?.title
    : messenger?.people.find((person) => person.account === account)?.name;
  return found ?? (account || owner);
}

function arrange(order) {
  const place = document.getElementById("phones");
  for (const id of order) {
    if (phones.has(id)) continue;
    const phone = new Phone(values.get(`messenger/${id}`), act, complain);
    phones.set(id, phone);
    place.append(phone.element);
    panel.addMessenger(id, title(id));
  }
  views([...order.map((id) => ({ id, label: title(id) })), { id: "host", label: "Host" }]);
}

/// Where there is no room for all, one is shown.
function views(list) {
  const nav = document.getElementById("views");
  if (nav.childElementCount > 0) return;
  const choose = (id) => {
    document.body.dataset.view = id;
    for (const button of nav.children) {
      button.setAttribute("aria-pressed", button.dataset.view === id);
    }
    for (const phone of phones.values()) phone.element.classList.toggle("chosen", phone.id === id);
    phones.get(id)?.becomeVisible();
  };
  for (const { id, label } of list) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.view = id;
    button.textContent = label;
    button.addEventListener("click", () => choose(id));
    nav.append(button);
  }
  choose(list[0].id);
}

connect();
