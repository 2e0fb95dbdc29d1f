// The page's behaviour.  Gradio runs these files, joined, as the body of one function when the page is
// there: `element` is the page, `trigger` tells the server of an event, and `server` calls its functions.
// All HTML that is put in here was made, and escaped, by the server; words are put in as text.

const app = element.querySelector(".qa");
const part = (id) => app.querySelector("#" + id);
const spot = (name) => app.querySelector(`[data-${name}]`);
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const narrow = window.matchMedia("(max-width: 899px)");
const smoothly = () => (calm.matches ? "auto" : "smooth");

const LOST = "The page has lost its server. Is “qa chat” still running?";
const MOST_SENT = 3_900_000; // bytes: the server refuses a little more
const TOO_MUCH = "This is more than the page can send at once.";

/** An element with words in it, and attributes. */
function make(tag, words = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = words;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const sizeOf = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

let failure = ""; // why the last call gave nothing

/** What the server's function gives; undefined, and a word about it, if it gives nothing. */
async function call(name, data = null, quiet = false) {
  failure = "";
  let given;
  if (sizeOf(data) > MOST_SENT) failure = TOO_MUCH;
  else given = await request(name, data);
  if (given === undefined) failure ||= LOST;
  else if (given?.unexpected) failure = given.unexpected;
  if (!failure) return given;
  if (!quiet) toast(failure);
  return undefined;
}

/** What the server says, or undefined if it says nothing: then perhaps nobody is logged in any more. */
async function request(name, data = null) {
  const given = await server[name](data).catch(() => undefined);
  if (given === undefined) leaveIfLoggedOut();
  return given;
}

/** A login that has ended shows itself again when the page is loaded anew. */
async function leaveIfLoggedOut() {
  const answer = await fetch("/gradio_api/queue/status").catch(() => undefined);
  if (answer?.status === 401) location.reload();
}

let fading;
/** Say something for a few seconds, perhaps with something to do about it. */
function toast(words, label, action) {
  const place = spot("toast");
  place.hidePopover();
  place.showPopover(); // above all else, a phone's sheet, too
  place.replaceChildren(make("span", words));
  if (label) {
    const button = make("button", label, { type: "button", class: "quiet" });
    button.addEventListener("click", () => {
      place.replaceChildren();
      action();
    });
    place.append(button);
  }
  clearTimeout(fading);
  fading = setTimeout(() => {
    place.replaceChildren();
    place.hidePopover();
  }, 8000);
}

/** Give a text to the browser as a file. */
function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", "", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("This browser does not let the page copy.");
  }
}
