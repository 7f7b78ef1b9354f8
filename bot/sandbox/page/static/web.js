// The bot's own web pages, in a frame.

import { el } from "./dom.js";

const SETTLE_MILLISECONDS = 900;
const TRY_AGAIN_MILLISECONDS = 700;

export class Web {
  constructor(panels) {
    this.panels = panels;
  }

  reset(told) {
    this.bot = told.bot;
    this.address = told.web;
    this.newest = `${told.web}/`;
    this.channels = [told.panels["channel-1"], told.panels["channel-2"]];
    const body = this.panels.body("web");
    body.dataset.follows = "no";
    this.frame = el("iframe", { title: "The bot’s web pages", sandbox: "allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox" });
    this.empty = el("p", { class: "empty" }, "The archive opens with the first issue.");
    body.replaceChildren(this.empty, this.frame);
    const heading = body.parentElement.querySelector(".kind");
    this.link = el("a", { href: this.newest, target: "_blank" }, "open in a tab");
    heading.replaceChildren(this.link);
    this.frame.hidden = true;
    this.wanted = false;
    this.runs = true;
    for (const chat of told.chats) for (const message of chat.messages) this.noticed(message);
  }

  /** A post in a channel names the page of its issue. */
  noticed(message) {
    if (!this.channels.includes(message.chat.id) || message.sender !== this.bot) return;
    const links = (message.entities ?? []).map((one) => one.url).filter((url) => url?.startsWith(`${this.address}/`));
    this.newest = links.find((url) => /\/\d+$/.test(url)) ?? this.newest;
    this.wanted = true;
    this.#loadSoon();
  }

  /** A bot that is down serves nothing; when it is back, so are its pages. */
  show(state) {
    if (state.bot_runs === this.runs) return;
    this.runs = state.bot_runs;
    if (!this.wanted) return;
    if (this.runs) {
      this.#loadSoon();
      return;
    }
    clearTimeout(this.timer);
    this.frame.hidden = true;
    this.empty.hidden = false;
    this.empty.textContent = "The bot is down, and its pages with it.";
  }

  #loadSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), SETTLE_MILLISECONDS);
  }

  /** Show the page once the bot serves it: a bot that was just killed serves nothing. */
  async #load() {
    const wanted = this.newest;
    try {
      await fetch(wanted, { mode: "no-cors", cache: "no-store" });
    } catch {
      this.timer = setTimeout(() => this.#load(), TRY_AGAIN_MILLISECONDS);
      return;
    }
    if (!this.runs) return;
    this.empty.hidden = true;
    this.frame.hidden = false;
    this.frame.src = wanted;
    this.link.href = wanted;
    this.panels.news("web");
  }
}
