// The page's behaviour.  Gradio runs this once, as the body of a function, when the conversation's
// part is on the page: `element` is that part, `trigger` tells the server of an event, and `server`
// calls its functions.  All HTML that is put in here was made, and escaped, by the server.

const page = element.closest(".gradio-container");
const part = (id) => page.querySelector("#" + id);
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const narrow = window.matchMedia("(max-width: 899px)");
const smoothly = () => (calm.matches ? "auto" : "smooth");
const room = () => part("qa-ask").getBoundingClientRect().top; // height above the question box

// Evidence: shows that of one answer, and the card of one of its citations.
function prove(turn, number) {
  for (const proof of part("qa-evidence").querySelectorAll(".proof")) {
    proof.hidden = proof.dataset.turn !== turn;
  }
  page.querySelectorAll(".is-lit").forEach((lit) => lit.classList.remove("is-lit"));
  const proof = page.querySelector(`#proof-${turn}`);
  const card = number && page.querySelector(`#card-${turn}-${number}`);
  if (card) {
    card.classList.add("is-lit");
    const marker = page.querySelector(`.cite[data-turn="${turn}"][data-cite="${number}"]`);
    marker?.classList.add("is-lit");
    card.focus({ preventScroll: true });
  }
  bringIntoView(card || proof);
}

// A card as a whole if it fits; else the quote in it.
function bringIntoView(card) {
  const behavior = smoothly();
  if (card.offsetHeight > room() - 80) {
    (card.querySelector("mark") || card).scrollIntoView({ behavior, block: "center" });
  } else {
    card.scrollIntoView({ behavior, block: narrow.matches ? "start" : "nearest" });
  }
}

// Back from a card to the marker it belongs to.
function goBack(card, turn) {
  const marker = page.querySelector(
    `.cite[data-turn="${turn}"][data-cite="${card.dataset.number}"]`,
  );
  marker?.scrollIntoView({ behavior: smoothly(), block: "center" });
  marker?.focus({ preventScroll: true });
}

const LOST = `<header><h2 id="reading-title">This article cannot be opened now</h2>
  <button type="button" class="close" data-close aria-label="Close the article">×</button></header>
  <p class="body">The page has lost its server. Is “qa chat” still running?</p>`;

// Reading pane: the whole article, at the quote.
async function read(button) {
  const { article, start, quote } = button.dataset;
  const pane = part("qa-pane").querySelector("dialog");
  pane.innerHTML = '<p class="busy" role="status">Opening the article</p>';
  pane.showModal();
  const wanted = { article, start: Number(start), quote };
  const html = await server.read(wanted).catch(() => undefined);
  if (!pane.open) return; // closed while waiting
  pane.innerHTML = typeof html === "string" ? html : LOST;
  pane.querySelector("[data-close]").focus();
  pane.querySelector("mark")?.scrollIntoView({ block: "center" });
}

page.addEventListener("click", (event) => {
  const pane = event.target.closest("dialog");
  if (event.target === pane || event.target.closest("[data-close]")) {
    pane.close(); // a click on the dialog itself is one beside its content
    return;
  }
  if (event.target.closest("#qa-new") && !narrow.matches) {
    part("qa-box").querySelector("textarea")?.focus(); // on a phone this would open the keyboard
    return;
  }
  const hit = event.target.closest(
    "[data-cite], .sources a, [data-back], [data-article], [data-ask], [data-retry]",
  );
  if (!hit) return;
  event.preventDefault();
  if (hit.matches("[data-cite], .sources a")) prove(hit.dataset.turn, hit.dataset.cite);
  else if (hit.matches("[data-back]")) goBack(hit.closest(".card"), hit.dataset.back);
  else if (hit.matches("[data-article]")) read(hit);
  else if (hit.matches("[data-ask]")) trigger("example_select", { question: hit.dataset.ask });
  else trigger("retry", {});
});

// The conversation follows its end, unless the reader has scrolled away from it.
let following = true;
let newest = 0;
const lastTurn = () => [...part("qa-scroll").querySelectorAll(".turn")].at(-1);

document.addEventListener(
  "scroll",
  () => {
    const last = lastTurn();
    following = !last || last.getBoundingClientRect().bottom < room() + 80;
  },
  { capture: true, passive: true },
);

function follow() {
  const last = lastTurn();
  const number = last ? Number(last.dataset.turn) : 0;
  if (last && (following || number > newest)) {
    const scroller = narrow.matches ? document.documentElement : part("qa-scroll");
    scroller.scrollBy(0, Math.max(0, last.getBoundingClientRect().bottom + 16 - room()));
    following = true;
  }
  newest = number;
}

// Watched from above: the other parts may not be there yet.
new MutationObserver((changes) => {
  const changed = (id) => changes.some(({ target }) => part(id)?.contains(target));
  if (changed("qa-log") || changed("qa-live")) follow();
  if (changed("qa-evidence")) part("qa-side").scrollTop = 0; // a new answer's, from its top
}).observe(page, { childList: true, subtree: true, characterData: true });
