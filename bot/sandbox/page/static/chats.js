// The chats, as Telegram's apps show them: bubbles, links, buttons, edits in their place.

import { act, el, shownAddress, toast } from "./dom.js";

const WRAPPERS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

export class Chats {
  constructor(panels, cast) {
    this.panels = panels;
    this.cast = cast;
    cast.chats = this;
  }

  reset(told) {
    this.bot = told.bot;
    this.zone = told.zone;
    this.chats = new Map(told.chats.map((chat) => [chat.id, { ...chat, nodes: new Map() }]));
    for (const chat of told.chats) {
      const list = el("ol", { class: `messages ${chat.kind}`, "aria-label": `Messages in ${chat.title}` });
      this.panels.body(this.panels.ofChat(chat.id))?.append(list);
      this.panels.atEnd(list);
      this.chats.get(chat.id).list = list;
      for (const message of chat.messages) this.message(message, false);
    }
  }

  members({ id, inside }) {
    const chat = this.chats.get(id);
    if (chat) chat.inside = inside;
  }

  message(picture, fresh) {
    const chat = this.chats.get(picture.chat.id);
    const key = this.panels.ofChat(picture.chat.id);
    if (!chat || !key) return;
    const node = this.#draw(chat, picture);
    const old = chat.nodes.get(picture.message_id);
    if (old) old.replaceWith(node);
    else chat.list.append(node);
    chat.nodes.set(picture.message_id, node);
    if (fresh) {
      node.classList.add("fresh");
      this.panels.news(key);
      if (picture.force_reply && !old) this.cast.asked(chat, picture);
    }
  }

  fault(chatId, words) {
    const key = this.panels.ofChat(chatId);
    if (!key) {
      toast(`Telegram: ${words}`, "refused");
      return;
    }
    this.chats.get(chatId).list.append(el("li", { class: "service fault" }, `Telegram: ${words}`));
  }

  #draw(chat, picture) {
    const words = picture.text ?? picture.caption;
    if (words === undefined && !picture.file_path) return el("li", { class: "service" }, serviceWords(picture));
    const byBot = picture.sender === this.bot;
    const bubble = el("li", { class: `bubble ${byBot ? "bot" : "person"} ${picture.deleted ? "deleted" : ""}` });
    if (chat.kind !== "channel" && !(chat.kind === "private" && !byBot)) bubble.append(el("p", { class: `sender ${byBot ? "" : "human"}` }, picture.sender ?? ""));
    if (picture.reply_to_message) bubble.append(el("p", { class: "quote" }, firstWords(picture.reply_to_message)));
    if (picture.file_path) bubble.append(el("a", { class: "file", href: `files/${picture.file_path}`, target: "_blank" }, picture.document?.file_name ?? "picture"));
    if (words) bubble.append(this.#text(words, picture.entities ?? picture.caption_entities ?? []));
    bubble.append(this.#foot(picture));
    for (const row of picture.buttons ?? []) bubble.append(this.#row(chat, picture, row));
    if (picture.force_reply) bubble.append(this.#replyButton(chat, picture));
    return bubble;
  }

  #foot(picture) {
    const time = new Date(picture.when).toLocaleTimeString("en-GB", { timeZone: this.zone, hour: "2-digit", minute: "2-digit", weekday: "short" });
    const marks = [picture.pinned ? "pinned" : "", picture.deleted ? "deleted" : "", picture.edit_date ? "edited" : "", time];
    return el("p", { class: "foot" }, marks.filter(Boolean).join(" · "));
  }

  #row(chat, picture, buttons) {
    const row = el("div", { class: "buttons" });
    for (const one of buttons) {
      if (one.url) {
        row.append(el("a", { class: "key", href: shownAddress(one.url), target: "_blank" }, one.label));
        continue;
      }
      const button = el("button", { type: "button", class: "key" }, one.label);
      button.addEventListener("click", () => this.#press(chat, picture, one.data));
      row.append(button);
    }
    return row;
  }

  #press(chat, picture, data) {
    const who = this.cast.inside(chat);
    if (!who) return;
    this.cast.acted(chat.id);
    act({ act: "press", who, chat: chat.id, message_id: picture.message_id, data });
  }

  #replyButton(chat, picture) {
    const button = el("button", { type: "button", class: "key" }, "↩ Reply");
    button.addEventListener("click", () => {
      if (this.cast.inside(chat)) this.cast.replyTo(chat, picture);
    });
    return el("div", { class: "buttons" }, button);
  }

  /** A text with its entities; JavaScript counts in UTF-16 units, as Telegram does. */
  #text(text, entities) {
    const shown = el("p", { class: "words" });
    const cuts = new Set([0, text.length]);
    for (const one of entities) cuts.add(one.offset).add(one.offset + one.length);
    const places = [...cuts].sort((a, b) => a - b);
    let link = null;
    places.slice(0, -1).forEach((start, place) => {
      const end = places[place + 1];
      const over = entities.filter((one) => one.offset <= start && one.offset + one.length >= end);
      let node = document.createTextNode(text.slice(start, end));
      for (const one of over) if (WRAPPERS[one.type]) node = el(WRAPPERS[one.type], {}, node);
      const linked = over.find((one) => one.type === "url" || one.type === "text_link");
      if (!linked) {
        link = null;
        shown.append(node);
      } else {
        if (link?.of !== linked) {
          link = { of: linked, node: this.#link(linked.url ?? text.slice(linked.offset, linked.offset + linked.length)) };
          shown.append(link.node);
        }
        link.node.append(node);
      }
    });
    return shown;
  }

  #link(url) {
    const address = /^[a-z]+:/i.test(url) ? url : `http://${url}`;
    if (!/^https?:/i.test(address)) return el("span", { title: url });
    const link = el("a", { href: shownAddress(address), target: "_blank", rel: "noreferrer", title: address });
    if (address.startsWith("https://t.me/")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const who = this.cast.person();
        if (who) act({ act: "open-link", who, url: address });
      });
    }
    return link;
  }
}

function firstWords(picture) {
  const words = picture.text ?? picture.caption ?? "";
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

function serviceWords(picture) {
  if (picture.new_chat_members) return `${picture.new_chat_members.map((one) => one.first_name).join(", ")} was added`;
  if (picture.left_chat_member) return `${picture.left_chat_member.first_name} left`;
  if (picture.pinned_message) return "a message was pinned";
  if (picture.migrate_to_chat_id) return "the group became a supergroup";
  return "…";
}
