// What the play says and how it is steered: caption, clock, counters, controls.

import { $, act } from "./dom.js";

const TICK_MILLISECONDS = 100;

export class Stage {
  constructor(panels, cast) {
    this.panels = panels;
    this.cast = cast;
    this.clock = null;
    panels.onTabKeys();
    for (const button of document.querySelectorAll(".controls button")) {
      button.addEventListener("click", () => this.#control(button));
    }
    setInterval(() => this.#tick(), TICK_MILLISECONDS);
  }

  show(state) {
    if ($("caption").textContent !== state.caption) $("caption").textContent = state.caption;
    this.panels.follow(state.focus);
    this.clock = { now: state.now, speed: state.speed, told: performance.now() };
    document.body.dataset.play = state.play;
    const paused = state.play === "paused";
    $("pause").textContent = paused ? "Go on" : "Pause";
    $("pause").dataset.what = paused ? "go-on" : "pause";
    const over = state.play === "done" || state.play === "failed";
    $("pause").disabled = over;
    document.querySelector('[data-what="step"]').disabled = over;
    $("mail-hangs").setAttribute("aria-pressed", String(state.mail_hangs));
    $("bot-state").className = `lamp ${state.bot_runs ? "on" : "off"}`;
    $("bot-state").textContent = state.bot_runs ? "bot runs" : "bot is down";
    this.#count("lost", state.counts.lost);
    this.#count("doubled", state.counts.doubled);
    this.#count("perhaps", state.counts.perhaps);
    this.#count("under-way", state.counts.under_way);
  }

  #count(name, value) {
    const shown = $(`count-${name}`);
    if (shown.textContent !== String(value)) shown.textContent = value;
    shown.parentElement.classList.toggle("some", value > 0);
  }

  async #control(button) {
    button.disabled = true;
    try {
      await act({ act: "control", what: button.dataset.what });
    } finally {
      button.disabled = false;
    }
  }

  #tick() {
    if (!this.clock) return;
    const real = (performance.now() - this.clock.told) / 1000;
    const shown = new Date((this.clock.now + real * this.clock.speed) * 1000);
    $("clock").textContent = shown.toLocaleString("en-GB", {
      timeZone: "Europe/Kyiv", weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    });
    $("clock").dateTime = shown.toISOString();
  }
}
