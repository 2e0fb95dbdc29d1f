// Conversations: kept in this browser, and nowhere else; for each user who logs in, apart.

const MOST_KEPT = 100;
const LONGEST = 1_500_000; // bytes of a conversation: browsers keep about five million in all
let mostTurns = Infinity; // of a conversation; the server says it

let user; // whose page this is: "" where nobody logs in, undefined until the server has said
let current = blank(); // the conversation on the page

/** Where the browser keeps something of this user.  No name has a colon in it. */
const keyOf = (name) => `article-qa${user ? `@${user}` : ""}:${name}`;
const keyOfOne = (id) => keyOf(`conversation:${id}`);

function blank() {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join("");
  return { id, title: "", limits: {}, turns: [] };
}

function load(store, key, fallback) {
  try {
    return JSON.parse(store.getItem(key)) ?? fallback;
  } catch {
    return fallback; // no storage here, or something else was stored
  }
}

/** The conversations, the newest first. */
function listed() {
  const list = load(localStorage, keyOf("conversations"), []);
  return Array.isArray(list) ? list.filter((entry) => typeof entry?.id === "string") : [];
}

/** A conversation by its id; undefined if it is not kept. */
function keptConversation(id) {
  const found = load(localStorage, keyOfOne(id), undefined);
  return Array.isArray(found?.turns) ? { ...blank(), ...found, limits: found.limits ?? {} } : undefined;
}

/** Keep the conversation on the page. */
function keep() {
  if (!current.turns.length) return;
  current.title ||= current.turns[0].question.trim().slice(0, 120) || "No question";
  const body = JSON.stringify({ ...current, turns: turnsToKeep() });
  const others = listed().filter((entry) => entry.id !== current.id);
  const list = [{ id: current.id, title: current.title }, ...others];
  list.splice(MOST_KEPT).forEach((entry) => localStorage.removeItem(keyOfOne(entry.id)));
  for (;;) {
    try {
      localStorage.setItem(keyOfOne(current.id), body);
      localStorage.setItem(keyOf("conversations"), JSON.stringify(list));
      sessionStorage.setItem(keyOf("current"), JSON.stringify(current.id));
      break;
    } catch {
      const oldest = list.length > 1 && list.pop(); // full: the oldest gives way
      if (!oldest) break; // or there is no storage here: the conversation lasts as long as the page
      localStorage.removeItem(keyOfOne(oldest.id));
      toast("Storage is full: the oldest conversation was removed.");
    }
  }
  showList();
}

/** The turns; while a question is being answered, also those that it is to replace. */
function turnsToKeep() {
  const elsewhere = changedElsewhere ? keptConversation(current.id)?.turns : undefined;
  return elsewhere ?? [...current.turns, ...(run?.replaced ?? [])];
}

function showList() {
  const items = listed().map((entry) => {
    const item = make("li");
    const open = make("button", entry.title, { type: "button", "data-conversation": entry.id });
    if (entry.id === current.id) open.setAttribute("aria-current", "true");
    const remove = make("button", "×", {
      type: "button",
      class: "remove",
      "data-remove": entry.id,
      "aria-label": `Delete: ${entry.title}`,
    });
    item.append(open, remove);
    return item;
  });
  spot("conversations").replaceChildren(...items);
}

function remove(id) {
  const gone = keptConversation(id);
  const list = listed();
  localStorage.removeItem(keyOfOne(id));
  localStorage.setItem(keyOf("conversations"), JSON.stringify(list.filter((entry) => entry.id !== id)));
  if (id === current.id) show(blank());
  showList();
  if (!gone) return;
  toast("Conversation deleted.", "Undo", () => {
    localStorage.setItem(keyOfOne(id), JSON.stringify(gone));
    const others = listed().filter((entry) => entry.id !== id);
    localStorage.setItem(keyOf("conversations"), JSON.stringify([{ id, title: gone.title }, ...others]));
    showList();
  });
}

/** Put a conversation on the page. */
async function show(conversation) {
  stop();
  fresh = undefined;
  current = conversation;
  try {
    sessionStorage.setItem(keyOf("current"), JSON.stringify(current.id));
  } catch {
    // no storage here
  }
  closeReading();
  part("qa-log").replaceChildren();
  part("qa-evidence").replaceChildren();
  part("qa-next").replaceChildren();
  showScope();
  showList();
  showState();
  if (!current.turns.length) return;
  const html = await call("render", current.turns.map(forServer));
  if (!html || current !== conversation) return;
  part("qa-log").innerHTML = html.conversation;
  part("qa-evidence").innerHTML = html.evidence;
  part("qa-log").querySelectorAll(".turn").forEach(showFeedback);
  showState();
  prove(current.turns.length);
  part("qa-log").lastElementChild?.scrollIntoView({ block: "start" });
}

/** The words in the question box, and the question that is being answered, outlast a reload. */
function keepDraft() {
  try {
    sessionStorage.setItem(keyOf("draft"), JSON.stringify([run?.question ?? "", box.value]));
  } catch {
    // no storage here
  }
}

function putDraftBack() {
  const words = load(sessionStorage, keyOf("draft"), []);
  if (!Array.isArray(words) || box.value) return;
  box.value = words.filter((part) => typeof part === "string" && part.trim()).join("\n");
  fit();
}

/** Why a conversation can take no further question; "" if it can. */
function fullness() {
  const long = current.turns.length >= mostTurns || sizeOf(current.turns.map(forServer)) > LONGEST;
  return long ? "This conversation has become as long as one can be. Go on in a new one." : "";
}

const forServer = ({ question, answer, error, limits }) => ({ question, answer, error, limits });

// Another tab has changed something.  Of a conversation that both show, this one shows the other's
// state at once, or, while a question is being answered here, when that is done.
let changedElsewhere = false;
let fresh; // the turn that came last here: another tab that kept its own at the same moment lacks it
window.addEventListener("storage", (event) => {
  if (event.key === keyOf("conversations")) showList();
  if (event.key !== keyOfOne(current.id) || !event.newValue) return;
  if (run) changedElsewhere = true;
  else takeOver();
});

/** Show the conversation as another tab has kept it. */
function takeOver() {
  const kept = keptConversation(current.id);
  if (!kept) return;
  if (fresh && !kept.turns.some((turn) => turn.id === fresh.id)) {
    kept.turns.push(fresh);
    fresh = undefined;
    show(kept);
    keep();
    return;
  }
  const words = ({ turns }) => JSON.stringify(turns.map(forServer));
  if (words(kept) !== words(current)) {
    show(kept);
    return;
  }
  current.limits = kept.limits;
  kept.turns.forEach(({ feedback }, place) => (current.turns[place].feedback = feedback));
  showScope();
  part("qa-log").querySelectorAll(".turn").forEach(showFeedback);
}

/** Take in what another tab has added while a question was answered here; gives whether it did. */
function takeIn() {
  const kept = changedElsewhere ? keptConversation(current.id) : undefined;
  changedElsewhere = false;
  if (kept) current.turns = kept.turns;
  return kept !== undefined;
}
