// The page: takes what the sandbox tells, and hands it to the parts that show it.

import { $, eventsAddress, toast } from "./dom.js";
import { Chats } from "./chats.js";
import { Mail } from "./mail.js";
import { Web } from "./web.js";
import { Panels } from "./panels.js";
import { Cast } from "./cast.js";
import { Stage } from "./stage.js";

const panels = new Panels();
const cast = new Cast(panels);
const chats = new Chats(panels, cast);
const mail = new Mail(panels, cast);
const web = new Web(panels);
const stage = new Stage(panels, cast);

const FAULTS = {
  flood: "429 Too Many Requests",
  "hang-after": "the post is taken, the answer never comes",
};

function all(told) {
  document.title = `${told.title} – Bulletin Bot sandbox`;
  panels.reset(told);
  cast.reset(told);
  web.reset(told);
  mail.reset(told);
  chats.reset(told);
  state(told.state);
}

function state(now) {
  stage.show(now);
  mail.show(now);
  web.show(now);
  cast.show(now);
}

function change(told) {
  for (const one of told.members ?? []) chats.members(one);
  for (const message of told.messages ?? []) {
    chats.message(message, true);
    web.noticed(message);
  }
  for (const letter of told.letters ?? []) mail.letter(letter, true);
  for (const one of told.toasts ?? []) toast(one.text, one.alert ? "refused" : "", one.who);
  for (const one of told.faults ?? []) chats.fault(one.chat, FAULTS[one.name] ?? one.name);
  if (told.state) state(told.state);
}

const source = new EventSource(eventsAddress());
source.addEventListener("all", (event) => all(JSON.parse(event.data)));
source.addEventListener("change", (event) => change(JSON.parse(event.data)));
source.addEventListener("error", () => {
  if (source.readyState === EventSource.CLOSED) $("caption").textContent = "The sandbox has stopped. Start it again, then load this page again.";
  else $("bot-state").className = "lamp off";
});
