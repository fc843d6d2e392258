// Where a person writes on a phone: text, a file, a reply, an edit, a command from the menu.

import { plainText } from "./richtext.js";

const largest = 20 * 1024 * 1024;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.commands = [];
    this.drafts = new Map();
    this.composing = null;
    this.listen();
  }

  part(selector) { return this.phone.part(selector); }

  listen() {
    const input = this.part(".input");
    this.part(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    input.addEventListener("input", () => {
      this.fit();
      this.offerCommands();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("paste", (event) => {
      const file = event.clipboardData.files[0];
      if (file) this.take(file);
    });
    this.part(".attach").addEventListener("click", () => this.part(".file-input").click());
    this.part(".file-input").addEventListener("change", (event) => this.take(event.target.files[0]));
    this.part(".mention").addEventListener("click", () => {
      input.value = this.phone.messenger.mention + input.value;
      input.focus();
    });
    this.part(".commands").addEventListener("click", () => {
      if (this.part(".menu").hidden) this.openMenu(this.commands, true); else this.closeMenu();
    });
    this.part(".composing-cancel").addEventListener("click", () => this.compose(null));
  }

  /// Keeps what was typed in the chat that is left, and brings back what was typed in the next one.
  move(from, to, { label, placeholder, isGroup }) {
    const input = this.part(".input");
    if (from) this.drafts.set(from, input.value);
    input.value = this.drafts.get(to) ?? "";
    input.setAttribute("aria-label", label);
    input.placeholder = placeholder;
    this.part(".mention").hidden = !isGroup;
    this.fit();
    this.compose(null);
  }

  setCommands(commands) {
    this.commands = commands;
    this.part(".commands").hidden = commands.length === 0;
  }

  key(event) {
    if (event.isComposing) return;
    const menu = this.part(".menu");
    if (event.key === "Escape") {
      if (!menu.hidden) this.closeMenu(); else this.compose(null);
    } else if (event.key === "ArrowDown" && !menu.hidden) {
      event.preventDefault();
      menu.querySelector("button")?.focus();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const input = this.part(".input");
    const text = input.value.trim();
    const { composing } = this;
    if (!text && composing?.kind !== "file") return;
    this.closeMenu();
    let done;
    if (composing?.kind === "file") {
      done = await this.phone.act("send", { ...this.phone.place(), ...composing.file, caption: text || null });
    } else if (composing?.kind === "edit") {
      done = await this.phone.act("edit", { ...this.phone.place(), message: composing.message.id, text });
    } else {
      done = await this.phone.say(text, composing?.kind === "reply" ? composing.message.id : null);
    }
    if (!done) return;
    input.value = "";
    this.fit();
    this.compose(null);
    this.phone.scrollToEnd();
  }

  async take(file) {
    this.part(".file-input").value = "";
    if (!file) return;
    if (file.size > largest) return this.phone.complain(`“${file.name}” is larger than ${readable(largest)}.`);
    if (file.size === 0) return this.phone.complain(`“${file.name}” is empty.`);
    const data = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
      reader.onerror = () => resolve(null);
      reader.readAsDataURL(file);
    });
    if (!data) return this.phone.complain(`“${file.name}” cannot be read.`);
    this.compose({
      kind: "file", file: { name: file.name, mimeType: file.type || "application/octet-stream", data }, size: file.size,
    });
  }

  /// What the next message is beside a text: a file, a reply or an edit.
  compose(composing) {
    this.composing = composing;
    const row = this.part(".composing");
    row.hidden = !composing;
    const input = this.part(".input");
    const label = this.part(".composing-label");
    label.textContent = "";
    if (!composing) return;
    switch (composing.kind) {
      case "file": label.textContent = `📎 ${composing.file.name} · ${readable(composing.size)}`; break;
      case "reply": label.textContent = `Reply to ${this.phone.nameOf(composing.message.sender)}: ${excerpt(composing.message)}`; break;
      case "edit":
        label.textContent = "Edit your message";
        input.value = plainText(composing.message.text);
        this.fit();
        break;
    }
    input.focus();
  }

  fit() {
    const input = this.part(".input");
    input.style.height = "auto";
    // What is not shown has no height to be told.
    if (input.scrollHeight > 0) input.style.height = `${Math.min(input.scrollHeight, 132)}px`;
  }

  // The menu of commands

  offerCommands() {
    const { commandPrefix: prefix } = this.phone.messenger;
    const { value } = this.part(".input");
    const isCommand = value.startsWith(prefix) && !/\s/.test(value);
    const fitting = this.commands.filter((command) => command.name.startsWith(value.slice(prefix.length)));
    if (isCommand && fitting.length > 0) this.openMenu(fitting, false); else this.closeMenu();
  }

  openMenu(commands, moveFocus) {
    const menu = this.part(".menu");
    menu.replaceChildren(...commands.map((command) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      const name = document.createElement("b");
      name.textContent = this.phone.messenger.commandPrefix + command.name;
      const summary = document.createElement("span");
      summary.textContent = command.summary;
      button.append(name, summary);
      button.addEventListener("click", () => this.chooseCommand(command));
      button.addEventListener("keydown", (event) => this.menuKey(event, item));
      item.append(button);
      return item;
    }));
    menu.hidden = false;
    this.part(".commands").setAttribute("aria-expanded", "true");
    if (moveFocus) menu.querySelector("button")?.focus();
  }

  menuKey(event, item) {
    const next = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
    if (next) {
      event.preventDefault();
      next.firstElementChild.focus();
    } else if (event.key === "Escape" || event.key === "ArrowUp") {
      event.preventDefault();
      this.closeMenu();
      this.part(".input").focus();
    }
  }

  closeMenu() {
    this.part(".menu").hidden = true;
    this.part(".commands").setAttribute("aria-expanded", "false");
  }

  chooseCommand(command) {
    this.closeMenu();
    const input = this.part(".input");
    const text = this.phone.messenger.commandPrefix + command.name;
    // What needs a word after it waits for it.
    if (/[A-Z]{4}|\bN\b/.test(command.summary)) {
      input.value = `${text} `;
      input.focus();
    } else {
      input.value = "";
      this.phone.say(this.phone.chat.group ? this.phone.messenger.mention + text : text);
      input.focus();
    }
  }
}

export function excerpt(message) {
  const text = plainText(message.text).replace(/\s+/g, " ");
  return text.slice(0, 80) || message.files[0]?.name || "…";
}

export function readable(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
