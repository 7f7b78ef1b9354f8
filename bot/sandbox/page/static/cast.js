// Who you are, and what you write: the persons to play, where they may write, the message.

import { $, act, el, toast } from "./dom.js";

const ROLES = { ana: "contributor", boris: "moderator", clara: "editor", dan: "reader" };

export class Cast {
  constructor(panels) {
    this.panels = panels;
    this.who = "ana";
    this.reply = null;
    this.answering = null;
    this.offered = "";
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    $("words").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    $("no-reply").addEventListener("click", () => this.#forgetReply());
    $("dans-box").addEventListener("click", () => this.mail.read(this.cast.get("dan").mail));
    $("dan-leaves").addEventListener("click", () => this.mail.leave(this.cast.get("dan").mail));
  }

  reset(told) {
    this.told = told;
    this.cast = new Map(told.cast.map((one) => [one.key, one]));
    this.offered = "";
    const field = $("cast");
    field.replaceChildren(field.querySelector("legend"));
    for (const one of told.cast) {
      const radio = el("input", { type: "radio", name: "who", value: one.key, id: `play-${one.key}` });
      radio.checked = one.key === this.who;
      radio.addEventListener("change", () => this.choose(one.key));
      field.append(el("label", { for: `play-${one.key}` }, radio, el("span", {}, one.name, el("small", {}, ` the ${ROLES[one.key]}`))));
    }
    this.choose(this.who);
  }

  /** When the week is over it is your turn: a link waits in Ana's hand. */
  show(state) {
    if (!state.your_turn || this.offered === state.your_turn) return;
    this.offered = state.your_turn;
    this.choose("ana");
    $("words").value = state.your_turn;
    $("composer").classList.add("your-turn");
  }

  choose(key) {
    this.who = key;
    this.answering = null;
    $(`play-${key}`).checked = true;
    this.#forgetReply();
    const reads = key === "dan";
    document.querySelector("#composer .write").hidden = reads;
    document.querySelector("#composer .reader").hidden = !reads;
    if (reads) return;
    const places = [[this.told.panels[key], "to the bot"]];
    if (key !== "ana") places.unshift([this.told.panels.desk, "to Moderators"]);
    $("where").replaceChildren(...places.map(([chat, words]) => el("option", { value: String(chat) }, words)));
    $("where").hidden = places.length < 2;
  }

  /** The person who acts, unless it is Dan, who reads. */
  person() {
    if (this.who !== "dan") return this.who;
    toast("Dan reads by mail. Choose another under “Play as”.", "refused");
    return null;
  }

  /** The person who acts, if this chat is theirs; else says who could. */
  inside(chat) {
    const me = this.cast.get(this.who);
    if (me.id && chat.inside.includes(me.id) && chat.kind !== "channel") return this.who;
    const able = [...this.cast.values()].filter((one) => one.id && chat.inside.includes(one.id)).map((one) => one.name);
    toast(able.length ? `${me.name} is not in this chat. Under “Play as”, choose ${able.join(" or ")}.` : "This chat belongs to somebody whom the play leads.", "refused");
    return null;
  }

  /** A question in the chat where one has just pressed or written begins its reply, as Telegram's apps do. */
  asked(chat, picture) {
    if (this.answering !== chat.id || $("words").value) return;
    this.answering = null;
    this.replyTo(chat, picture);
  }

  acted(chat) {
    this.answering = chat;
  }

  replyTo(chat, picture) {
    this.reply = { chat: chat.id, message: picture.message_id };
    $("where").value = String(chat.id);
    $("reply").hidden = false;
    $("reply").querySelector("span").textContent = "your reply";
    $("words").focus();
  }

  #forgetReply() {
    this.reply = null;
    $("reply").hidden = true;
  }

  async #send() {
    const text = $("words").value.trim();
    if (!text) return;
    const chat = this.reply?.chat ?? Number($("where").value);
    this.acted(chat);
    const sent = await act({ act: "send", who: this.who, chat, text, reply_to: this.reply?.message ?? null });
    if (!sent) return;
    $("words").value = "";
    $("composer").classList.remove("your-turn");
    this.#forgetReply();
    this.panels.select(this.panels.ofChat(chat));
  }
}
