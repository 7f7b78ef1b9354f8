// Small things that every part of the page needs: elements, acts, toasts.

const token = document.querySelector('meta[name="page-token"]').content;

export const $ = (id) => document.getElementById(id);

/** Make an element; properties that are no attributes (onclick, textContent) are set as such. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Ask the sandbox to do something; what it says is shown. */
export async function act(what) {
  try {
    const answer = await fetch("act", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Page-Token": token },
      body: JSON.stringify(what),
    });
    const told = answer.ok ? await answer.json() : { refused: "The sandbox did not understand. Load the page again." };
    if (told.refused) toast(told.refused, "refused");
    else if (told.said) toast(told.said);
    return !told.refused;
  } catch {
    toast("The sandbox does not answer. Is it still running?", "refused");
    return false;
  }
}

export function toast(words, kind = "", who = "") {
  const shown = el("p", { class: `toast ${kind}` });
  if (who) shown.append(el("strong", {}, `${who} sees: `));
  shown.append(words);
  $("toasts").append(shown);
  while ($("toasts").children.length > 4) $("toasts").firstChild.remove();
  setTimeout(() => shown.remove(), 6000);
}

export const eventsAddress = () => `events?token=${encodeURIComponent(token)}`;

/** Links to invented sites lead to the sandbox's copy of them. */
export function shownAddress(url) {
  return /^http:\/\/[^/]+\.example(\/|$|[?#])/.test(url) ? `news?url=${encodeURIComponent(url)}` : url;
}
