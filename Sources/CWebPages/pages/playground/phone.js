// One messenger, as a phone or a window of one person.

import { Composer, excerpt, readable } from "./composer.js";
import { richText } from "./richtext.js";

const suggestions = [
  "hello", "dice", "weather in Paris", "chart", "table", "code", "long", "slow", "what did I ask?", "fail",
  "fail halfway", "hang up",
];
const suggestedCommands = ["help", "link"];

export class Phone {
  constructor(messenger, act, complain) {
    this.messenger = messenger;
    this.id = messenger.id;
    this.act = act;
    this.complain = complain;
    this.views = new Map();
    this.element = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.element.classList.add(`phone--${this.id}`);
    this.element.id = `phone-${this.id}`;
    this.element.setAttribute("aria-label", messenger.title);
    this.part(".phone-title").textContent = messenger.title;
    this.part(".brand").textContent = messenger.title[0];
    this.part(".typing-name").textContent = `${messenger.botName} is writing`;
    this.composer = new Composer(this);
    this.listen();
    this.makePeople();
    this.makeSuggestions();
    const remembered = sessionStorage.getItem(`person/${this.id}`);
    this.choosePerson(messenger.people.some((person) => person.id === remembered) ? remembered : messenger.people[0].id);
  }

  part(selector) { return this.element.querySelector(selector); }

  // People and chats

  makePeople() {
    for (const person of this.messenger.people) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `person-${this.id}`;
      input.value = person.id;
      input.addEventListener("change", () => this.choosePerson(person.id));
      const name = document.createElement("span");
      name.textContent = person.name;
      label.append(input, name);
      this.part(".people").append(label);
    }
  }

  choosePerson(id) {
    this.person = id;
    sessionStorage.setItem(`person/${this.id}`, id);
    this.part(`.people input[value="${id}"]`).checked = true;
    const chats = this.messenger.chats.filter((chat) => chat.people.includes(id));
    const tabs = this.part(".chats");
    tabs.setAttribute("aria-label", `${this.messenger.title}: chats`);
    tabs.replaceChildren(...chats.map((chat) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chat";
      button.dataset.chat = chat.id;
      button.textContent = chat.title;
      button.addEventListener("click", () => this.chooseChat(chat));
      return button;
    }));
    const kept = chats.find((chat) => chat.id === this.chat?.id && chat.group);
    this.chooseChat(kept ?? chats[0]);
  }

  chooseChat(chat) {
    const from = this.shown;
    this.chat = chat;
    this.shown = `${this.person}/${chat.id}`;
    for (const button of this.part(".chats").children) {
      button.setAttribute("aria-pressed", button.dataset.chat === chat.id);
      if (button.dataset.chat === chat.id) button.classList.remove("unread");
    }
    const person = this.messenger.people.find((person) => person.id === this.person);
    this.part(".log").setAttribute("aria-label", `${this.messenger.title}: ${person.name}, ${chat.title}`);
    this.part(".welcome-title").textContent = chat.group ? `The group “${chat.title}”` : `${person.name} and the agent`;
    this.part(".welcome-text").textContent = chat.group
      ? `Here the bot answers when it is mentioned, replied to or commanded.`
      : `Write something, send a file, or pick a suggestion below.`;
    this.composer.move(from, this.shown, {
      label: `Message of ${person.name} in ${chat.title} on ${this.messenger.title}`,
      placeholder: chat.group ? `Message as ${person.name} to ${chat.title}` : `Message as ${person.name}`,
      isGroup: chat.group,
    });
    this.part(".messages").replaceChildren();
    this.rendered = new Map();
    this.render({ jump: true });
  }

  // What the server tells

  show(chat, view) {
    const before = this.views.get(chat);
    this.views.set(chat, view);
    if (chat === this.chat.id) {
      this.render({ jump: false });
    } else if (before && view && view.messages.length > before.messages.length) {
      this.part(`.chat[data-chat="${CSS.escape(chat)}"]`)?.classList.add("unread");
    }
  }

  setCommands(commands) { this.composer.setCommands(commands); }

  setState(surface) {
    const state = this.part(".phone-state");
    state.textContent = surface ? surface.state : "host stopped";
    state.dataset.state = surface?.state ?? "stopped";
    state.title = surface?.reason ?? "";
  }

  becomeVisible() {
    this.composer.fit();
    this.scrollToEnd();
  }

  // Drawing

  render({ jump }) {
    const view = this.views.get(this.chat.id) ?? { messages: [], draft: null, draftButtons: [], typing: false };
    const log = this.part(".log");
    const atEnd = jump || log.scrollHeight - log.scrollTop - log.clientHeight < 90;
    this.part(".welcome").hidden = view.messages.length > 0;
    this.renderMessages(view);
    const draft = this.part(".draft");
    draft.hidden = !view.draft;
    if (view.draft) draft.querySelector(".text").replaceChildren(richText(view.draft));
    this.renderButtons(draft.querySelector(".draft-buttons"), view.draftButtons);
    this.part(".typing").hidden = !view.typing || Boolean(view.draft);
    this.announce(view.draft || view.typing ? `${this.messenger.botName} is writing` : "");
    if (atEnd) this.scrollToEnd();
  }

  renderMessages(view) {
    const list = this.part(".messages");
    const present = new Set();
    let after = null;
    view.messages.forEach((message, index) => {
      present.add(message.id);
      const follows = index > 0 && view.messages[index - 1].sender === message.sender;
      const quoted = view.messages.find((other) => other.id === message.replyTo);
      const state = JSON.stringify([message, follows, quoted?.text, quoted?.sender]);
      let entry = this.rendered.get(message.id);
      if (!entry) {
        entry = { node: this.makeMessage(message), state: "" };
        this.rendered.set(message.id, entry);
      }
      if (entry.state !== state) this.fillMessage(entry.node, message, quoted, follows);
      entry.state = state;
      const place = after ? after.nextSibling : list.firstChild;
      if (place !== entry.node) list.insertBefore(entry.node, place);
      after = entry.node;
    });
    for (const [id, entry] of this.rendered) {
      if (present.has(id)) continue;
      entry.node.remove();
      this.rendered.delete(id);
    }
  }

  makeMessage(message) {
    const node = document.getElementById("message-template").content.firstElementChild.cloneNode(true);
    const own = message.sender === this.person;
    node.classList.add(own ? "own" : message.sender ? "person" : "bot");
    node.dataset.message = message.id;
    node.querySelector(".reply").addEventListener("click", () => this.composer.compose({ kind: "reply", message: this.find(message.id) }));
    const edit = node.querySelector(".edit");
    edit.hidden = !own || message.files.length > 0;
    edit.addEventListener("click", () => this.composer.compose({ kind: "edit", message: this.find(message.id) }));
    // Of all the messages only the one in focus has stops for the Tab key.
    const actions = node.querySelectorAll(".action");
    node.addEventListener("focusin", () => { for (const action of actions) action.tabIndex = 0; });
    node.addEventListener("focusout", () => { for (const action of actions) action.tabIndex = -1; });
    node.querySelector(".quote").addEventListener("click", () => {
      const target = this.rendered.get(this.find(message.id)?.replyTo)?.node;
      target?.scrollIntoView({ block: "center" });
      target?.focus();
    });
    return node;
  }

  find(id) { return this.views.get(this.chat.id)?.messages.find((message) => message.id === id); }

  fillMessage(node, message, quoted, follows) {
    const name = this.nameOf(message.sender);
    node.classList.toggle("follows", follows);
    node.querySelector(".sender").textContent = name;
    const avatar = node.querySelector(".avatar");
    avatar.textContent = name[0];
    avatar.dataset.of = message.sender ?? "bot";
    const quote = node.querySelector(".quote");
    quote.hidden = !quoted;
    if (quoted) quote.textContent = `${this.nameOf(quoted.sender)}: ${excerpt(quoted)}`;
    node.querySelector(".files").replaceChildren(...message.files.map((file) => this.fileNode(file)));
    const text = node.querySelector(".text");
    text.replaceChildren(richText(message.text));
    text.hidden = text.textContent === "";
    for (const command of text.querySelectorAll(".command")) {
      command.addEventListener("click", () => this.say(command.dataset.command));
    }
    node.querySelector(".edited").hidden = !message.edited;
    const time = new Date(message.time);
    const stamp = node.querySelector("time");
    stamp.dateTime = time.toISOString();
    stamp.textContent = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.renderButtons(node.querySelector(".buttons"), message.buttons);
  }

  nameOf(sender) {
    if (!sender) return this.messenger.botName;
    return this.messenger.people.find((person) => person.id === sender)?.name ?? sender;
  }

  renderButtons(place, buttons) {
    const state = JSON.stringify(buttons);
    if (place.dataset.state === state) return;
    place.dataset.state = state;
    place.replaceChildren(...buttons.map(({ id, label }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "press";
      button.textContent = label;
      button.addEventListener("click", () => this.act("press", { ...this.place(), button: id }));
      return button;
    }));
  }

  fileNode(file) {
    const address = `/files/${encodeURIComponent(this.id)}/${encodeURIComponent(file.file)}`;
    const link = document.createElement("a");
    link.href = address;
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.mimeType)) {
      link.className = "picture";
      link.target = "_blank";
      link.rel = "noopener";
      const image = document.createElement("img");
      image.src = address;
      image.alt = file.name;
      image.addEventListener("load", () => { if (this.nearEnd()) this.scrollToEnd(); });
      link.append(image);
    } else {
      link.className = "file";
      link.download = file.name;
      const icon = document.createElement("span");
      icon.className = "file-icon";
      icon.setAttribute("aria-hidden", "true");
      icon.textContent = (/\.(\w{1,4})$/.exec(file.name)?.[1] ?? "file").toUpperCase();
      const name = document.createElement("span");
      name.className = "file-name";
      name.textContent = file.name;
      const size = document.createElement("span");
      size.className = "file-size";
      size.textContent = readable(file.size);
      link.append(icon, name, size);
    }
    return link;
  }

  announce(text) {
    const live = this.part(".live");
    if (live.textContent !== text) live.textContent = text;
  }

  nearEnd() {
    const log = this.part(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 400;
  }

  scrollToEnd() {
    const log = this.part(".log");
    log.scrollTop = log.scrollHeight;
  }

  // What the person does

  place() { return { messenger: this.id, chat: this.chat.id, person: this.person }; }

  async say(text, replyTo = null) { return this.act("say", { ...this.place(), text, replyTo }); }

  makeSuggestions() {
    const place = this.part(".suggestions");
    const commands = suggestedCommands.map((name) => this.messenger.commandPrefix + name);
    for (const text of [...suggestions, ...commands]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "suggestion";
      button.textContent = text;
      button.addEventListener("click", () => {
        this.scrollToEnd();
        this.say(this.chat.group ? this.messenger.mention + text : text);
      });
      place.append(button);
    }
  }

  listen() {
    const { element } = this;
    this.part(".log").addEventListener("keydown", (event) => this.walk(event));
    element.addEventListener("dragover", (event) => {
      event.preventDefault();
      element.classList.add("dropping");
    });
    element.addEventListener("dragleave", () => element.classList.remove("dropping"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      element.classList.remove("dropping");
      this.composer.take(event.dataTransfer.files[0]);
    });
  }

  walk(event) {
    const messages = [...this.part(".messages").children];
    const at = messages.indexOf(document.activeElement);
    if (messages.length === 0 || (at < 0 && event.target !== this.part(".log"))) return;
    const next = {
      ArrowUp: at < 0 ? messages.length - 1 : at - 1, ArrowDown: at < 0 ? messages.length - 1 : at + 1,
      Home: 0, End: messages.length - 1,
    }[event.key];
    if (next === undefined || !messages[next]) return;
    event.preventDefault();
    messages[next].focus();
    messages[next].scrollIntoView({ block: "nearest" });
  }
}
