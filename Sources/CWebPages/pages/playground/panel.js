// The host’s side: its state, what it asks the agent, and switches to break things.

const troubleNames = {
  rateLimited: ["429", "Everything that the bot sends is refused: too many requests"],
  unreachable: ["down", "Its interface answers 502 to every call"],
};

const endings = {
  finished: ["finished", "good"], failed: ["failed", "bad"], refused: ["refused", "bad"],
  truncated: ["cut off", "bad"], abandoned: ["hung up", "warn"],
};

export class Panel {
  constructor(act) {
    this.act = act;
    this.runs = new Map();
    this.part("host-restart").addEventListener("click", () => act("restart", {}));
    this.part("host-running").addEventListener("change", (event) => act("host", { running: event.target.checked }));
    this.part("agent-down").addEventListener("change", (event) => act("agent", { down: event.target.checked }));
  }

  part(id) { return document.getElementById(id); }

  reset() {
    this.runs.clear();
    this.part("runs").replaceChildren();
    this.part("runs-empty").hidden = false;
    for (const box of this.part("troubles").querySelectorAll("input")) box.checked = false;
  }

  // Host

  host(value) {
    const phase = this.part("host-phase");
    const { phase: name = "stopped", starts = 0, failure = null } = value ?? {};
    phase.textContent = name === "running" && starts > 1 ? `running · start ${starts}` : name;
    phase.title = failure ?? "";
    phase.dataset.tone = { running: "good", failed: "bad" }[name] ?? "warn";
    this.part("host-running").checked = name === "running";
  }

  status(value) {
    this.part("count-inbox").textContent = value?.inbox.waiting ?? "–";
    this.part("count-turns").textContent = value?.turns.running ?? "–";
    this.part("count-outbox").textContent = value?.outbox.waiting ?? "–";
    this.part("surfaces").replaceChildren(...(value?.surfaces ?? []).map((surface) => {
      const item = document.createElement("li");
      item.dataset.state = surface.state;
      const name = document.createElement("b");
      name.textContent = surface.id;
      const state = document.createElement("span");
      state.textContent = surface.reason ? `${surface.state}: ${surface.reason}` : surface.state;
      item.append(name, state);
      return item;
    }));
  }

  agent(value) {
    this.part("agent-kind").textContent = value?.url ? `answered by ${value.url}` : "answered by the sample agent";
  }

  contexts(list, nameOf) {
    this.part("contexts").hidden = list.length === 0;
    this.part("contexts-empty").hidden = list.length > 0;
    this.part("contexts").tBodies[0].replaceChildren(...list.map((context) => {
      const row = document.createElement("tr");
      const name = context.name ? `${context.number} “${context.name}”` : context.number;
      for (const value of [name, `${nameOf(context.owner)} · ${context.surface}`, context.messages, context.chats]) {
        row.insertCell().textContent = value;
      }
      return row;
    }));
  }

  // Troubles

  addMessenger(id, title) {
    const row = document.createElement("div");
    row.className = "trouble-row";
    const name = document.createElement("span");
    name.className = "trouble-name";
    name.textContent = title;
    row.append(name);
    for (const [trouble, [label, explanation]] of Object.entries(troubleNames)) {
      const holder = document.createElement("label");
      holder.className = "switch switch--danger";
      holder.title = explanation;
      const box = document.createElement("input");
      box.type = "checkbox";
      box.setAttribute("role", "switch");
      box.setAttribute("aria-label", `${title} ${label}`);
      box.dataset.trouble = `${id}/${trouble}`;
      box.addEventListener("change", () => this.act("trouble", { messenger: id, trouble, on: box.checked }));
      const text = document.createElement("span");
      text.textContent = label;
      holder.append(box, text);
      row.append(holder);
    }
    this.part("troubles").append(row);
  }

  trouble(id, trouble, isOn) {
    const box = id === "agent"
      ? this.part("agent-down")
      : this.part("troubles").querySelector(`[data-trouble="${CSS.escape(id)}/${CSS.escape(trouble)}"]`);
    if (box) box.checked = Boolean(isOn);
  }

  // Requests

  run(id, value, title) {
    let node = this.runs.get(id);
    if (!value) {
      node?.remove();
      this.runs.delete(id);
      return;
    }
    this.part("runs-empty").hidden = true;
    if (!node) {
      node = document.getElementById("run-template").content.firstElementChild.cloneNode(true);
      // What somebody opened stays open.
      node.querySelector("summary").addEventListener("click", (event) => {
        event.currentTarget.parentElement.dataset.kept = "yes";
      });
      for (const other of this.runs.values()) other.open &&= Boolean(other.dataset.kept);
      node.open = true;
      this.runs.set(id, node);
      this.part("runs").prepend(node);
    }
    const [state, tone] = value.ending ? endings[value.ending.kind] ?? [value.ending.kind, "warn"] : ["streaming", "live"];
    const surface = node.querySelector(".run-surface");
    surface.textContent = title(value.surface);
    surface.dataset.surface = value.surface ?? "";
    node.querySelector(".run-question").textContent = value.question || (value.files ? "(files only)" : "(no text)");
    const pill = node.querySelector(".run-state");
    pill.textContent = state;
    pill.dataset.tone = tone;
    node.querySelector(".run-facts").textContent = facts(value);
    this.events(node.querySelector(".events"), value);
  }

  events(list, value) {
    value.events.forEach((event, index) => {
      let row = list.children[index];
      if (!row) {
        row = document.createElement("li");
        row.append(document.createElement("code"), document.createElement("span"), document.createElement("q"));
        list.append(row);
      }
      const [type, count, detail] = row.children;
      row.dataset.kind = event.type.split("_")[0];
      type.textContent = event.type;
      count.textContent = event.count > 1 ? `×${event.count}` : "";
      detail.textContent = event.detail.trim();
      detail.hidden = detail.textContent === "";
    });
    while (list.children.length > value.events.length) list.lastChild.remove();
  }
}

function facts(value) {
  const parts = [`thread ${value.thread}`, `${value.messages} ${value.messages === 1 ? "message" : "messages"} sent along`];
  if (value.files) parts.push(`${value.files} ${value.files === 1 ? "file" : "files"}`);
  if (value.ended) parts.push(`${((value.ended - value.began) / 1000).toFixed(1)} s`);
  if (value.ending?.detail) parts.push(value.ending.detail);
  return parts.join(" · ");
}
