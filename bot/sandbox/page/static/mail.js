// The mailboxes: who reads, what came, and an opened letter with its two bodies and its headers.

import { act, el } from "./dom.js";

export class Mail {
  constructor(panels, cast) {
    this.panels = panels;
    this.cast = cast;
    cast.mail = this;
  }

  reset(told) {
    this.dan = told.cast.find((one) => one.mail)?.mail;
    this.letters = [];
    this.readers = [];
    this.left = new Set();
    this.open = null;
    this.body = this.panels.body("mail");
    this.body.dataset.follows = "no";
    this.boxes = el("ul", { class: "boxes", "aria-label": "Mailboxes" });
    this.view = el("div", { class: "letter", hidden: true });
    this.empty = el("p", { class: "empty" }, "No mail yet. Readers get one letter each when the issue goes out.");
    this.body.replaceChildren(this.empty, this.boxes, this.view);
    for (const letter of told.letters) this.letter(letter, false);
  }

  show(state) {
    const same = state.readers.length === this.readers.length && state.left.length === this.left.size;
    this.readers = state.readers;
    this.left = new Set(state.left);
    if (!same) this.#list();
  }

  letter(letter, fresh) {
    this.letters.push(letter);
    this.#list();
    if (fresh) this.panels.news("mail");
  }

  #list() {
    const boxes = new Map(this.readers.map((reader) => [reader, []]));
    for (const letter of this.letters) {
      if (!boxes.has(letter.recipient)) boxes.set(letter.recipient, []);
      boxes.get(letter.recipient).push(letter);
    }
    this.empty.hidden = boxes.size > 0;
    this.boxes.replaceChildren(...[...boxes].map(([reader, letters]) => this.#box(reader, letters)));
    const count = this.letters.length;
    this.body.parentElement.querySelector(".kind").textContent = boxes.size ? `${count} letters · ${boxes.size} readers` : "mailboxes";
  }

  #box(reader, letters) {
    const last = letters.at(-1);
    const [name, host] = reader.split("@");
    const marks = this.left.has(reader) ? "has left" : letters.length > 1 ? `${letters.length} letters` : last ? "1 letter" : "–";
    const button = el(
      "button",
      { type: "button", disabled: !last, class: `${letters.length ? "full" : ""} ${this.left.has(reader) ? "gone" : ""}`, title: reader },
      el("span", { class: "who" }, name, el("span", { class: "host" }, `@${host}`)),
      el("span", { class: "what" }, marks),
    );
    button.addEventListener("click", () => this.read(reader));
    return el("li", {}, button);
  }

  /** Open the newest letter of a mailbox. */
  async read(reader) {
    const letters = this.letters.filter((one) => one.recipient === reader);
    const letter = letters.at(-1);
    if (!letter) return;
    this.panels.select("mail");
    const facts = await (await fetch(`letters/${letter.number}.json`)).json();
    const bodies = {
      Letter: el("iframe", { src: `letters/${letter.number}`, title: `Letter to ${reader}`, sandbox: "allow-popups allow-popups-to-escape-sandbox" }),
      Text: el("pre", {}, facts.text),
      Headers: el("pre", {}, facts.headers.map(([name, value]) => `${name}: ${value}`).join("\n")),
    };
    const shown = el("div", { class: "shown" });
    const choices = el("div", { class: "choices", role: "group", "aria-label": "What to show" });
    const choose = (name) => {
      shown.replaceChildren(bodies[name]);
      for (const one of choices.children) one.setAttribute("aria-pressed", String(one.textContent === name));
    };
    for (const name of Object.keys(bodies)) {
      const button = el("button", { type: "button" }, name);
      button.addEventListener("click", () => choose(name));
      choices.append(button);
    }
    const back = el("button", { type: "button" }, "← Mailboxes");
    back.addEventListener("click", () => this.#close());
    const leave = el("button", { type: "button", title: "As the unsubscribe button of a mail program does" }, "Leave by one click");
    leave.addEventListener("click", () => this.leave(reader));
    this.view.replaceChildren(
      el("div", { class: "tools" }, back, leave),
      el("p", { class: "subject" }, letter.subject),
      el("p", { class: "to" }, `to ${reader}${letters.length > 1 ? ` · the newest of ${letters.length}` : ""}`),
      choices,
      shown,
    );
    choose("Letter");
    this.boxes.hidden = true;
    this.view.hidden = false;
    this.body.parentElement.classList.add("reading");
    back.focus({ preventScroll: true });
  }

  leave(reader) {
    act({ act: "leave", who: reader });
  }

  #close() {
    this.body.parentElement.classList.remove("reading");
    this.view.hidden = true;
    this.boxes.hidden = false;
  }
}
