// Small plots of the last hour, drawn as SVG, each with its numbers as a table.

import { clock, count, latency, say } from "./words.js";

const hour = 3600_000;
const height = 128;
const margin = { left: 44, right: 8, top: 10, bottom: 20 };

function element(name, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/// A round number, not less than `value`.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((candidate) => candidate >= value * 0.9999);
}

class Plot {
  constructor(figure, title, explanation) {
    this.figure = figure;
    this.title = title;
    this.explanation = explanation;
    this.build();
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.svg.addEventListener("pointermove", (event) => this.point(event.offsetX));
    this.svg.addEventListener("pointerleave", () => this.point(null));
  }

  build() {
    const make = (tag, className, parent, text = "") => {
      const node = document.createElement(tag);
      node.className = className;
      node.textContent = text;
      parent.append(node);
      return node;
    };
    const caption = make("figcaption", "plot-head", this.figure);
    make("h3", "plot-title", caption, this.title);
    this.newest = make("p", "plot-newest", caption);
    make("p", "plot-about", caption, this.explanation);
    this.canvas = make("div", "plot-canvas", this.figure);
    this.svg = element("svg", { role: "img", height });
    this.canvas.append(this.svg);
    this.legend = make("ul", "plot-legend", this.figure);
    this.readout = make("p", "plot-readout", this.figure);
    const details = make("details", "plot-numbers", this.figure);
    const summary = make("summary", "", details, "Numbers");
    make("span", "unseen", summary, ` of “${this.title}”`);
    const scroll = make("div", "scroll", details);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", `Numbers of “${this.title}”`);
    this.table = make("table", "", scroll);
    details.addEventListener("toggle", () => this.fillTable());
    this.details = details;
  }

  /// - series: Objects with `name`, `tone` and `value(minute)`; `null` for what was not observed.
  show(now, minutes, series) {
    Object.assign(this, { now, minutes, series });
    const key = series.map((one) => `${one.name} ${one.tone}`).join();
    if (this.legendKey !== key) {
      this.legendKey = key;
      this.legend.replaceChildren(...series.map((one) => {
        const item = document.createElement("li");
        item.dataset.tone = one.tone;
        if (one.index !== undefined) item.dataset.index = one.index % 4;
        item.textContent = one.name;
        return item;
      }));
    }
    say(this.newest, this.headline());
    this.svg.setAttribute("aria-label", `${this.title}: ${this.explanation}. ${this.headline()}.`);
    this.draw();
    this.fillTable();
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (!this.minutes || width < 80) return;
    this.width = width;
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.most = roundUp(Math.max(...this.minutes.map((minute) => this.top(minute)), this.least));
    const marks = element("g");
    this.svg.replaceChildren(this.axes(), marks);
    this.drawMarks(marks);
    this.cursor = element("line", { class: "plot-cursor", y1: margin.top, y2: height - margin.bottom, visibility: "hidden" });
    this.svg.append(this.cursor);
    this.point(this.pointed ?? null);
  }

  x(time) { return margin.left + (1 - (this.now - time) / hour) * (this.width - margin.left - margin.right); }
  y(value) { return height - margin.bottom - (value / this.most) * (height - margin.top - margin.bottom); }

  axes() {
    const group = element("g", { class: "plot-axes", "aria-hidden": "true" });
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(this.y(this.most * share)) + 0.5;
      group.append(element("line", { x1: margin.left, x2: this.width - margin.right, y1: y, y2: y }));
      if (share === 0.5 && !this.showsHalf()) continue;
      const label = element("text", { x: margin.left - 7, y: y + 3.5, "text-anchor": "end" });
      label.textContent = share === 0 ? "0" : this.format(this.most * share);
      group.append(label);
    }
    for (const [ago, anchor] of [[60, "start"], [30, "middle"], [0, "end"]]) {
      const label = element("text", { x: this.x(this.now - ago * 60_000), y: height - 5, "text-anchor": anchor });
      label.textContent = ago ? `${ago} min ago` : "now";
      group.append(label);
    }
    return group;
  }

  /// Shows the numbers of the minute at `x`.
  point(x) {
    this.pointed = x;
    if (!this.cursor) return;
    const minute = x === null ? null : this.minuteAt(x);
    this.cursor.setAttribute("visibility", minute ? "visible" : "hidden");
    this.readout.classList.toggle("shown", Boolean(minute));
    this.legend.classList.toggle("covered", Boolean(minute));
    if (!minute) return;
    const middle = this.x(minute.end - minute.seconds * 500);
    this.cursor.setAttribute("x1", middle);
    this.cursor.setAttribute("x2", middle);
    const parts = this.series.map((one) => `${one.name} ${this.format(one.value(minute))}`);
    say(this.readout, `${clock(minute.end)} · ${parts.join(" · ")}`);
  }

  minuteAt(x) {
    const time = this.now - (1 - (x - margin.left) / (this.width - margin.left - margin.right)) * hour;
    return this.minutes.find((minute) => minute.end >= time && minute.end - minute.seconds * 1000 <= time);
  }

  /// Only while it is open: sixty rows that nobody looks at would be made each time.
  fillTable() {
    if (!this.details.open || !this.minutes) return;
    const head = document.createElement("thead");
    const titles = head.insertRow();
    for (const name of ["Minute until", ...this.series.map((one) => one.name)]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      titles.append(cell);
    }
    const body = document.createElement("tbody");
    for (const minute of this.minutes.toReversed()) {
      const row = body.insertRow();
      row.insertCell().textContent = clock(minute.end);
      for (const one of this.series) row.insertCell().textContent = this.format(one.value(minute));
    }
    this.table.replaceChildren(head, body);
  }
}

/// Counts of each minute, the series on top of each other.
export class BarPlot extends Plot {
  least = 4;
  format(value) { return count(value); }
  showsHalf() { return Number.isInteger(this.most / 2); }
  top(minute) { return this.series.reduce((sum, one) => sum + one.value(minute), 0); }

  headline() {
    const sums = this.series.map((one) => [one.name, this.minutes.reduce((sum, minute) => sum + one.value(minute), 0)]);
    const all = sums.reduce((sum, [, number]) => sum + number, 0);
    return `${count(all)} in the last hour`;
  }

  drawMarks(group) {
    for (const minute of this.minutes) {
      const right = this.x(minute.end);
      const left = Math.max(margin.left, this.x(minute.end - minute.seconds * 1000));
      let sum = 0;
      this.series.forEach((one) => {
        const value = one.value(minute);
        if (value <= 0 || right <= left) return;
        const bottom = this.y(sum);
        sum += value;
        const bar = element("rect", {
          x: left + 0.5, y: this.y(sum), width: Math.max(1.5, right - left - 1.5), height: Math.max(1, bottom - this.y(sum)), rx: 1.5,
        });
        bar.dataset.tone = one.tone;
        if (one.index !== undefined) bar.dataset.index = one.index % 4;
        group.append(bar);
      });
    }
  }
}

/// A latency of each minute; minutes without one are gaps.
export class LinePlot extends Plot {
  least = 0.004;
  format(value) { return latency(value); }
  showsHalf() { return true; }
  top(minute) { return Math.max(0, ...this.series.map((one) => one.value(minute) ?? 0)); }

  headline() {
    const last = this.minutes.findLast((minute) => this.series.some((one) => one.value(minute) !== null));
    if (!last) return "nothing yet";
    return this.series.toReversed().map((one) => `${one.name} ${latency(one.value(last))}`).join(", ");
  }

  drawMarks(group) {
    for (const one of this.series) {
      let run = [];
      const finish = () => {
        if (run.length > 1) this.line(group, one.tone, run);
        if (run.length === 1) this.dot(group, one.tone, run[0]);
        run = [];
      };
      for (const minute of this.minutes) {
        const value = one.value(minute);
        if (value === null) {
          finish();
          continue;
        }
        const point = [this.x(minute.end - minute.seconds * 500), this.y(value)];
        if (point[0] < margin.left) continue;
        run.push(point);
      }
      finish();
    }
  }

  dot(group, tone, [cx, cy]) {
    const dot = element("circle", { cx, cy, r: 2.6 });
    dot.dataset.tone = tone;
    group.append(dot);
  }

  line(group, tone, points) {
    const line = element("polyline", { points: points.map((point) => point.map((number) => number.toFixed(1)).join()).join(" ") });
    line.dataset.tone = tone;
    group.append(line);
  }
}
