// Conversations: kept in this browser, and nowhere else.

const LIST = "article-qa:conversations";
const ONE = "article-qa:conversation:";
const CURRENT = "article-qa:current"; // of this tab
const MOST_KEPT = 100;
const LONGEST = 1_500_000; // characters of a conversation: browsers keep about five million in all

let current = blank(); // the conversation on the page

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
  const list = load(localStorage, LIST, []);
  return Array.isArray(list) ? list.filter((entry) => typeof entry?.id === "string") : [];
}

/** A conversation by its id; undefined if it is not kept. */
function keptConversation(id) {
  const found = load(localStorage, ONE + id, undefined);
  return Array.isArray(found?.turns) ? { ...blank(), ...found, limits: found.limits ?? {} } : undefined;
}

/** Keep the conversation on the page. */
function keep() {
  if (!current.turns.length) return;
  current.title ||= current.turns[0].question.trim().slice(0, 120) || "No question";
  const body = JSON.stringify(current);
  if (body.length > LONGEST) {
    toast("This conversation is too long to be kept from here on. Export it, or begin a new one.");
    return;
  }
  const others = listed().filter((entry) => entry.id !== current.id);
  const list = [{ id: current.id, title: current.title }, ...others];
  list.splice(MOST_KEPT).forEach((entry) => localStorage.removeItem(ONE + entry.id));
  for (;;) {
    try {
      localStorage.setItem(ONE + current.id, body);
      localStorage.setItem(LIST, JSON.stringify(list));
      sessionStorage.setItem(CURRENT, JSON.stringify(current.id));
      break;
    } catch {
      const oldest = list.length > 1 && list.pop(); // full: the oldest gives way
      if (!oldest) break; // or there is no storage here: the conversation lasts as long as the page
      localStorage.removeItem(ONE + oldest.id);
      toast("Storage is full: the oldest conversation was removed.");
    }
  }
  showList();
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
  localStorage.removeItem(ONE + id);
  localStorage.setItem(LIST, JSON.stringify(list.filter((entry) => entry.id !== id)));
  if (id === current.id) show(blank());
  showList();
  if (!gone) return;
  toast("Conversation deleted.", "Undo", () => {
    localStorage.setItem(ONE + id, JSON.stringify(gone));
    const others = listed().filter((entry) => entry.id !== id);
    localStorage.setItem(LIST, JSON.stringify([{ id, title: gone.title }, ...others]));
    showList();
  });
}

/** Put a conversation on the page. */
async function show(conversation) {
  stop();
  current = conversation;
  try {
    sessionStorage.setItem(CURRENT, JSON.stringify(current.id));
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

const forServer = ({ question, answer, error, limits }) => ({ question, answer, error, limits });

window.addEventListener("storage", (event) => {
  if (event.key === LIST) showList(); // another tab has changed it
});
