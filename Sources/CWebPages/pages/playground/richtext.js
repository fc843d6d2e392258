// Texts of messengers as nodes. Everything is built node by node; nothing that came from outside is ever parsed into
// the page itself.

const markTags = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", spoiler: "span",
  blockquote: "blockquote", expandable_blockquote: "blockquote", heading: "strong",
};

const blocks = new Set(["pre", "blockquote", "expandable_blockquote"]);

/// `text` is { plain, marks } or { html }.
export function richText(text) {
  if (!text) return document.createDocumentFragment();
  return text.html !== undefined ? fromHTML(text.html) : fromMarks(text.plain, text.marks ?? []);
}

export function plainText(text) {
  return text?.html !== undefined ? richText(text).textContent : text?.plain ?? "";
}

/// Offsets count UTF-16 units, as strings here do.
function fromMarks(plain, marks) {
  const sorted = marks
    .map((mark) => ({ ...mark, end: mark.offset + mark.length }))
    .filter((mark) => mark.length > 0 && mark.offset >= 0 && mark.end <= plain.length)
    .sort((a, b) => a.offset - b.offset || b.end - a.end);
  const root = document.createDocumentFragment();
  fill(root, plain, 0, plain.length, sorted);
  return root;
}

function fill(parent, plain, start, end, marks) {
  let at = start;
  while (marks.length > 0) {
    const mark = marks.shift();
    if (mark.offset < at) continue;
    const isBlock = blocks.has(mark.type);
    appendText(parent, plain.slice(at, mark.offset), isBlock);
    const inner = [];
    while (marks.length > 0 && marks[0].offset < mark.end) {
      const next = marks.shift();
      inner.push({ ...next, end: Math.min(next.end, mark.end) });
    }
    const node = element(mark, plain.slice(mark.offset, mark.end));
    fill(node.content ?? node, plain, mark.offset, mark.end, inner);
    parent.append(node.outer ?? node);
    at = mark.end;
  }
  appendText(parent, plain.slice(at, end), false);
}

/// Line feeds beside a block would be empty lines: it has its own distance.
function appendText(parent, text, beforeBlock) {
  const last = parent.lastChild?.nodeName;
  if (last === "PRE" || last === "BLOCKQUOTE") text = text.replace(/^\n+/, "");
  if (beforeBlock) text = text.replace(/\n+$/, "");
  if (text) parent.append(text);
}

function element(mark, inside) {
  switch (mark.type) {
    case "pre": {
      const outer = document.createElement("pre");
      const content = document.createElement("code");
      if (mark.language) outer.dataset.language = mark.language;
      outer.append(content);
      outer.tabIndex = 0;
      return { outer, content };
    }
    case "text_link": return link(mark.url);
    case "url": return link(/^[a-z]+:/i.test(inside) ? inside : `https://${inside}`);
    case "bot_command": {
      const node = document.createElement("button");
      node.type = "button";
      node.className = "command";
      node.dataset.command = inside;
      return node;
    }
    case "mention": case "text_mention": case "hashtag": {
      const node = document.createElement("span");
      node.className = "mention-name";
      return node;
    }
    default: return document.createElement(markTags[mark.type] ?? "span");
  }
}

function link(address) {
  const url = safeAddress(address);
  const node = document.createElement(url ? "a" : "span");
  if (url) {
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// What of HTML is built again; of everything else only the text stays.
const htmlTags = new Set([
  "P", "BR", "B", "STRONG", "I", "EM", "U", "S", "DEL", "STRIKE", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "HR",
  "H1", "H2", "H3", "H4", "H5", "H6", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "SPAN", "DIV", "SUP", "SUB",
]);
const dropped = new Set(["SCRIPT", "STYLE", "TEMPLATE", "HEAD", "MX-REPLY", "IFRAME", "OBJECT"]);

function fromHTML(html) {
  // A document of its own: nothing in it loads or runs.
  const source = new DOMParser().parseFromString(html, "text/html");
  const root = document.createDocumentFragment();
  copy(source.body, root, 0);
  return root;
}

function copy(from, to, depth) {
  if (depth > 60) return;
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      to.append(child.data);
    } else if (child.nodeType === Node.ELEMENT_NODE && !dropped.has(child.tagName)) {
      const node = copied(child);
      copy(child, node ?? to, depth + 1);
      if (node) to.append(node);
    }
  }
}

function copied(child) {
  if (child.tagName === "A") return link(child.getAttribute("href") ?? "");
  if (!htmlTags.has(child.tagName)) return null;
  // Headings of a message are none of the page.
  const node = document.createElement(/^H[1-6]$/.test(child.tagName) ? "p" : child.tagName);
  if (/^H[1-6]$/.test(child.tagName)) node.className = "heading";
  if (child.tagName === "OL" && child.hasAttribute("start")) node.start = Number(child.getAttribute("start")) || 1;
  if (child.tagName === "PRE") {
    node.tabIndex = 0;
    const language = /^language-([\w+#-]{1,20})$/.exec(child.querySelector("code")?.className ?? "");
    if (language) node.dataset.language = language[1];
  }
  return node;
}
