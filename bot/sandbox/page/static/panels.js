// The panels: side by side on a wide window, one at a time behind tabs on a phone.

import { $, el } from "./dom.js";

const AT_END_PIXELS = 60;
// In the order of importance, with short names for the tabs of a phone.
const CHATS = {
  desk: ["Moderators", "group"],
  ana: ["Ana", "private"],
  marta: ["Marta", "private"],
  "channel-1": ["Channel", "channel"],
  "channel-2": ["Channel 2", "channel"],
  olena: ["Olena", "private"],
  boris: ["Boris", "private"],
  clara: ["Clara", "private"],
};
const NARROW = window.matchMedia("(max-width: 820px)");

export class Panels {
  constructor() {
    this.bodies = new Map();
    this.growing = new ResizeObserver((changes) => changes.forEach((one) => this.#keepAtEnd(one.target.closest(".body"))));
    this.selected = "desk";
    this.followed = "";
  }

  reset(told) {
    this.growing.disconnect();
    $("panels").replaceChildren();
    $("tabs").replaceChildren();
    this.bodies.clear();
    this.byChat = new Map();
    const titles = new Map(told.chats.map((chat) => [chat.id, chat.title]));
    for (const [key, [short, kind]] of Object.entries(CHATS)) {
      const chat = told.panels[key];
      this.byChat.set(chat, key);
      this.#open(key, titles.get(chat) ?? short, kind, short);
      if (key === "channel-2") {
        this.#open("mail", "Mail", "mailboxes", "Mail");
        this.#open("web", "Web", "the bot’s own pages", "Web");
      }
    }
    this.select(this.bodies.has(this.selected) ? this.selected : "desk");
  }

  body(key) {
    return this.bodies.get(key);
  }

  ofChat(chat) {
    return this.byChat.get(chat);
  }

  #open(key, title, kind, short) {
    const body = el("div", { class: "body", tabindex: "0" });
    const panel = el(
      "section",
      { class: "panel", id: `panel-${key}`, "aria-labelledby": `title-${key}`, "data-key": key },
      el("h2", { id: `title-${key}` }, el("span", { class: "name" }, title), el("span", { class: "kind" }, kind)),
      body,
    );
    const tab = el("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": `panel-${key}` }, short);
    tab.addEventListener("click", () => this.select(key));
    $("panels").append(panel);
    $("tabs").append(tab);
    this.bodies.set(key, body);
    this.growing.observe(body);
    body.addEventListener("scroll", () => {
      // Content that grew before this event was told is not somebody who scrolls up.
      const away = body.scrollHeight - body.scrollTop - body.clientHeight;
      if (away < AT_END_PIXELS) body.atEnd = true;
      else if (body.scrollTop < body.lastTop) body.atEnd = false;
      body.lastTop = body.scrollTop;
    });
    body.atEnd = true;
    body.lastTop = 0;
  }

  /** Show the end of what is in this panel, also when it grows, until somebody scrolls up. */
  atEnd(content) {
    this.growing.observe(content);
  }

  #keepAtEnd(body) {
    if (body?.atEnd && body.dataset.follows !== "no") body.scrollTop = body.scrollHeight;
  }

  select(key) {
    this.selected = key;
    for (const panel of $("panels").children) panel.classList.toggle("selected", panel.dataset.key === key);
    for (const tab of $("tabs").children) {
      const chosen = tab.id === `tab-${key}`;
      tab.setAttribute("aria-selected", String(chosen));
      if (chosen) {
        tab.classList.remove("news");
        if (NARROW.matches) tab.scrollIntoView({ inline: "center", block: "nearest" });
      }
    }
  }

  /** The play looks at this panel now. */
  follow(key) {
    if (key === this.followed) return;
    this.followed = key;
    for (const panel of $("panels").children) panel.classList.toggle("lit", panel.dataset.key === key);
    if (NARROW.matches && this.bodies.has(key)) this.select(key);
  }

  /** Something new is in this panel. */
  news(key) {
    if (key !== this.selected) $(`tab-${key}`)?.classList.add("news");
  }

  onTabKeys() {
    $("tabs").addEventListener("keydown", (event) => {
      const tabs = [...$("tabs").children];
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  }
}
