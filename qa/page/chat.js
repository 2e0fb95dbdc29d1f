// Questions and answers: ask, watch, stop, ask again, edit, and what one thinks of an answer.

const box = part("qa-question");
let run = null; // the question that is being answered: {id, number, question, limits, replaced}
const NO_SERVER = `${LOST} Your question is kept: ask again when it runs.`;
let ready = false; // whether there is an index to ask

function showState() {
  part("qa-send").disabled = !ready || run !== null;
  part("qa-send").hidden = run !== null;
  part("qa-stop").hidden = run === null;
  box.disabled = !ready;
  const empty = !current.turns.length && run === null;
  part("qa-welcome").hidden = !empty;
  spot("export").hidden = !current.turns.some((turn) => turn.answer);
  part("qa-log").querySelectorAll("[data-again], [data-widen]").forEach((button) => {
    button.hidden = button.closest(".turn") !== part("qa-log").lastElementChild;
  });
  if (empty) prove(0);
}

/** Ask a question; it takes the place of the turn with this number and of all after it. */
function ask(question, number = current.turns.length + 1, limits = current.limits) {
  if (!ready || run) return;
  const full = number > current.turns.length && fullness();
  if (full) {
    if (!box.value) box.value = question;
    keepDraft();
    toast(full, "New conversation", startAnew);
    return;
  }
  const replaced = current.turns.splice(number - 1);
  for (const turn of [...part("qa-log").children, ...part("qa-evidence").children]) {
    if (Number(turn.dataset.turn) >= number) turn.remove();
  }
  part("qa-next").replaceChildren();
  closeReading();
  showView("ask");
  if (!narrow.matches) box.focus();
  run = { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), number, question, limits, replaced };
  const turn = ownTurn(number, question);
  const live = make("div", "", { "data-live": "", "aria-busy": "true" });
  live.append(make("p", "Searching the articles", { class: "busy", role: "status" }));
  turn.append(live);
  part("qa-live").replaceChildren(turn);
  keepDraft();
  showState();
  turn.scrollIntoView({ behavior: smoothly(), block: "start" });
  const said = current.turns
    .filter((before) => before.answer)
    .slice(-12)
    .map((before) => ({ question: before.question, text: before.answer.text }));
  const sent = { run: run.id, number, question, said, limits };
  if (sizeOf(sent) > MOST_SENT) {
    endHere(TOO_MUCH);
    return;
  }
  trigger("submit", sent);
  watchOver(run);
}

/** A server that is gone says nothing: ask it how it is as long as an answer is awaited. */
async function watchOver(asked) {
  for (let silent = 0; silent < 2; ) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    if (run !== asked) return;
    silent = (await request("status")) ? 0 : silent + 1;
    if (run !== asked) return;
  }
  endHere(NO_SERVER);
}

/** A turn as long as the server has not made it. */
function ownTurn(number, question) {
  const turn = make("article", "", { class: "turn", id: `turn-${number}`, "data-turn": number });
  turn.append(make("h3", `Question ${number}`, { class: "sr-only" }));
  if (question.trim()) {
    const words = question.trim();
    const shown = words.length > 300 ? `${words.slice(0, 300)}…` : words;
    turn.append(make("p", shown, { class: "question", dir: "auto" }));
  }
  return turn;
}

// The server's messages arrive on the wire, as attributes.  The wire may not be there yet, so it is
// watched from above.
const frame = app.closest(".gradio-container");
new MutationObserver((changes) => {
  if (!run || !changes.some(({ target }) => target.closest?.("#qa-wire"))) return;
  const message = frame.querySelector("#qa-wire [data-run]");
  if (message?.dataset.run !== run.id) return; // of a question that was stopped
  if (message.dataset.record) finish(message.dataset);
  else if (message.dataset.live) {
    const live = part("qa-live").querySelector("[data-live]");
    if (live) live.innerHTML = message.dataset.live;
    follow();
  }
}).observe(frame, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-live", "data-record"] });

function finish({ record, turn, proof }) {
  const { id, number, question, limits } = run;
  run = null;
  const { answer, error } = JSON.parse(record);
  const merged = takeIn();
  const added = { id, question, answer, error, limits };
  current.turns.push(added);
  fresh = added;
  setTimeout(() => fresh === added && (fresh = undefined), 2000);
  part("qa-live").replaceChildren();
  if (error && !box.value) box.value = question; // it comes back, to be put right
  fit();
  keepDraft();
  if (merged) {
    keep();
    show(current);
    return;
  }
  part("qa-log").insertAdjacentHTML("beforeend", turn);
  part("qa-evidence").insertAdjacentHTML("beforeend", proof);
  prove(number);
  part("qa-side").scrollTop = 0; // a new answer's, from its top
  keep();
  showState();
  follow();
  if (answer) offerNext(number);
}

/** End a turn here: what became of it is not known to the server.  What it was to replace comes back. */
function endHere(error) {
  const { number, question, limits, replaced } = run;
  run = null;
  const merged = takeIn();
  if (replaced.length) {
    if (!merged) current.turns.push(...replaced);
    part("qa-live").replaceChildren();
    if (!box.value) box.value = question;
    fit();
    keepDraft();
    show(current);
    toast(error);
    return;
  }
  current.turns.push({ question, answer: null, error, limits });
  keep();
  keepDraft();
  if (merged) {
    part("qa-live").replaceChildren();
    show(current);
    return;
  }
  const turn = ownTurn(number, question);
  turn.append(make("p", error, { class: "problem", role: "alert" }));
  const actions = make("div", "", { class: "actions" });
  actions.append(
    make("button", "Ask again", { type: "button", "data-again": "" }),
    make("button", "Edit the question", { type: "button", "data-edit": "" }),
  );
  turn.append(actions);
  part("qa-live").replaceChildren();
  part("qa-log").append(turn);
  prove(number);
  showState();
}

function stop() {
  if (!run) return;
  trigger("stop", {});
  endHere("You stopped this answer.");
}

document.addEventListener("qa-ended", async () => {
  const ended = run;
  if (!ended) return;
  await new Promise((resolve) => setTimeout(resolve, 300)); // the last message may be on its way
  if (run !== ended) return;
  const there = await request("status");
  if (run !== ended) return;
  endHere(
    there
      ? "Too many people are asking at the moment. Your question is kept: ask again in a minute."
      : NO_SERVER,
  );
});

/** Questions that the articles of this answer answer as well. */
async function offerNext(number) {
  const conversation = current;
  const html = await call("suggest", current.turns.slice(-5).map(forServer), true);
  const still = current === conversation && current.turns.length === number && !run;
  if (!html || !still) return;
  const abstained = current.turns[number - 1].answer?.abstained;
  const place = abstained && part(`turn-${number}`)?.querySelector("[data-related]");
  const words = abstained ? "The closest articles answer" : "These articles also answer";
  (place || part("qa-next")).innerHTML = html;
  (place || part("qa-next")).prepend(make("h4", words));
  follow();
}

function edit(turn) {
  const number = Number(turn.dataset.turn);
  const form = make("form", "", { class: "editing" });
  const words = make("textarea", "", { "aria-label": "Edit the question", rows: "3" });
  words.value = current.turns[number - 1].question;
  const hint = number < current.turns.length ? "The questions after it will be replaced." : "";
  const cancel = make("button", "Cancel", { type: "button", class: "quiet" });
  form.append(words, make("span", hint, { class: "hint" }), cancel);
  form.append(make("button", "Ask", { class: "button primary" }));
  const question = turn.querySelector(".question");
  const end = () => {
    form.remove();
    if (question) question.hidden = false;
  };
  cancel.addEventListener("click", end);
  words.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      end();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!run) ask(words.value, number);
  });
  turn.querySelector(".editing")?.remove();
  if (question) {
    question.hidden = true;
    question.after(form);
  } else turn.prepend(form);
  words.focus();
}

/** Ask the same question again, perhaps without one of its limits. */
function again(turn, kind) {
  const number = Number(turn.dataset.turn);
  const { question, limits } = current.turns[number - 1];
  if (!kind) {
    ask(question, number, limits);
    return;
  }
  setLimits(without(limits, kind));
  ask(question, number, current.limits);
}

// The conversation follows its end, unless the reader has scrolled away from it.
function follow() {
  const scroller = narrow.matches ? document.scrollingElement : part("qa-scroll");
  const last = part("qa-live").lastElementChild || part("qa-log").lastElementChild;
  if (!last) return;
  const floor = part("qa-ask").getBoundingClientRect().top;
  const below = last.getBoundingClientRect().bottom + 12 - floor;
  const head = narrow.matches ? part("qa-top").offsetHeight : scroller.getBoundingClientRect().top;
  // No further than to the question: an answer is read from its beginning.
  const room = last.getBoundingClientRect().top - head - 8;
  if (below > 0 && room > 0) scroller.scrollBy(0, Math.min(below, room));
}

/** The question box is as high as its words, up to a third of the page. */
function fit() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, innerHeight / 3)}px`;
}
