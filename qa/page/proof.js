// Evidence: markers and cards that light up together, and the reading pane.

const pane = app.querySelector("dialog.reading");
let proving = 0; // the number of the turn whose evidence shows
let lit = 0; // the number of the quote that is lit
let reading = null; // the quote in the pane: {turn, number}, where it is one of an answer
let opener = null; // what has the focus again when the pane closes

const citationsOf = (turn) => current.turns[turn - 1]?.answer?.citations ?? [];

/** Show the evidence of a turn, or none. */
function prove(turn) {
  proving = Number(turn);
  let shown = false;
  for (const proof of part("qa-evidence").children) {
    proof.hidden = Number(proof.dataset.turn) !== proving;
    shown ||= !proof.hidden;
  }
  spot("no-proof").hidden = shown;
}

/** Light a marker and its card; `reveal` also brings the card into view. */
function light(turn, number, reveal = false) {
  app.querySelectorAll(".is-lit").forEach((other) => other.classList.remove("is-lit"));
  lit = Number(number);
  if (!lit) return;
  if (Number(turn) !== proving) prove(turn);
  const card = part(`card-${turn}-${number}`);
  card?.classList.add("is-lit");
  app
    .querySelectorAll(`.cite[data-turn="${turn}"][data-cite="${number}"]`)
    .forEach((marker) => marker.classList.add("is-lit"));
  if (!card || !reveal || narrow.matches) return;
  const whole = card.offsetHeight < part("qa-side").clientHeight - 40;
  const target = whole ? card : card.querySelector("mark") || card;
  target.scrollIntoView({ behavior: smoothly(), block: whole ? "nearest" : "center" });
}

/** Open a quote of an answer in its article, or in another one with the same words. */
function readQuote(turn, number, article, from, push = true) {
  const cited = citationsOf(turn).find((citation) => citation.number === Number(number));
  if (!cited) return;
  const own = !article || article === cited.article_id;
  const others = own ? citationsOf(turn).filter((other) => other.article_id === cited.article_id) : [];
  reading = { turn: Number(turn), number: Number(number) };
  light(turn, number, true);
  openArticle(
    {
      article: article || cited.article_id,
      start: own ? cited.start : null,
      end: own ? cited.end : null,
      quote: cited.quote,
      others: others.filter((other) => other !== cited).map((other) => [other.start, other.end]),
    },
    from,
    push,
  );
}

/** Open an article in the pane, at a place if `wanted` has one.  With `push` the browser's back closes it. */
async function openArticle(wanted, from, push = true) {
  if (from && !pane.contains(from)) opener = from;
  const link = linkTo(wanted);
  if (!pane.open) {
    pane.innerHTML = '<p class="busy" role="status">Opening the article</p>';
    app.dataset.reading = "";
    if (narrow.matches) pane.showModal();
    else pane.show();
  } else push = false;
  if (push) history.pushState({ pushed: true, reading }, "", link);
  else history.replaceState({ ...history.state, reading }, "", link);
  pane.dataset.wanted = link;
  const stepped = document.activeElement?.dataset.step; // who goes on to the next quote stays there
  const html = await call("article", wanted, true);
  if (!pane.open || pane.dataset.wanted !== link) return; // closed, or another one opened meanwhile
  if (typeof html === "string") pane.innerHTML = html;
  else showLost();
  showSteps();
  const mark = pane.querySelector("mark.here");
  mark?.scrollIntoView({ block: "center" });
  const again = stepped && pane.querySelector(`[data-step="${stepped}"]:enabled`);
  const body = pane.querySelector(".body");
  (again || body || pane.querySelector("[data-close]")).focus({ preventScroll: true });
}

function showLost() {
  const close = make("button", "×", { type: "button", class: "close", "data-close": "" });
  close.setAttribute("aria-label", "Close the article");
  const head = make("header");
  head.append(make("h2", "This article cannot be opened now", { id: "reading-title" }), close);
  pane.replaceChildren(head, make("p", failure, { class: "body" }));
}

const linkTo = ({ article, start, end }) => {
  const query = new URLSearchParams({ article });
  if (Number.isInteger(start) && Number.isInteger(end)) {
    query.set("start", start);
    query.set("end", end);
  }
  return `/?${query}`;
};

/** What the address names: the article of a shared link. */
function shared() {
  const query = new URLSearchParams(location.search);
  const article = query.get("article");
  const place = (name) => (/^\d{1,9}$/.test(query.get(name)) ? Number(query.get(name)) : null);
  return article === null ? null : { article, start: place("start"), end: place("end") };
}

/** Where the quote in the pane stands among those of its answer, with a step to each side. */
function showSteps() {
  const steps = pane.querySelector("[data-steps]");
  if (!steps || !reading) return;
  const count = citationsOf(reading.turn).length;
  const button = (label, words, by) => {
    const made = make("button", label, { type: "button", "data-step": by, "aria-label": words });
    made.disabled = reading.number + by < 1 || reading.number + by > count;
    return made;
  };
  steps.replaceChildren(
    button("‹", "Previous quote", -1),
    make("span", `Quote ${reading.number} of ${count}`),
    button("›", "Next quote", 1),
  );
}

/** To the next quote of the answer, or the one before: in the pane if it is open, else on the page. */
function step(by) {
  if (pane.open && !reading) return; // an article that was opened for itself
  const turn = pane.open ? reading.turn : proving;
  const count = citationsOf(turn).length;
  const from = pane.open ? reading.number : lit;
  const number = Math.min(Math.max(from + by, 1), count);
  if (!count || (pane.open && number === from)) return;
  if (pane.open) readQuote(turn, number);
  else {
    light(turn, number, true);
    app.querySelector(`.cite[data-turn="${turn}"][data-cite="${number}"]`)?.focus();
  }
}

/** Close the pane; `address` says whether the page's own address is to come back. */
function closeReading(address = true) {
  if (!pane.open) return;
  pane.close();
  delete app.dataset.reading;
  reading = null;
  // What opening has added to the history goes; a shared link is where the history begins.
  if (address && history.state?.pushed) history.back();
  else if (address && location.search) history.replaceState(null, "", "/");
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

pane.addEventListener("cancel", (event) => {
  event.preventDefault(); // Esc on a phone's sheet
  closeReading();
});

window.addEventListener("popstate", ({ state }) => {
  const wanted = shared();
  if (!wanted) closeReading(false);
  else if (isOf(state?.reading, wanted)) {
    readQuote(state.reading.turn, state.reading.number, wanted.article, null, false);
  } else {
    reading = null;
    openArticle(wanted, null, false);
  }
});

/** Whether a quote is one of the conversation that shows, and stands where `wanted` is. */
function isOf(quote, { article, start }) {
  const cited = citationsOf(quote?.turn).find((citation) => citation.number === quote.number);
  if (cited?.article_id === article) return cited.start === start;
  return Boolean(cited?.also_in.some((copy) => copy.id === article));
}

for (const kind of ["pointerover", "focusin"]) {
  app.addEventListener(kind, (event) => {
    const marker = event.target.closest(".cite[data-cite]");
    const card = event.target.closest(".card");
    if (marker) light(marker.dataset.turn, marker.dataset.cite, true);
    else if (card) light(card.dataset.turn, card.dataset.number);
  });
}
