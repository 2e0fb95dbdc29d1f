// Events of the page, and how it starts.

let known = ""; // the generation that the page knows
let clock;

/** Take in how things are on the server, and look again as long as that changes. */
function take(status) {
  const first = user === undefined;
  if (!first && user !== status.user) {
    location.reload(); // somebody else has logged in since
    return;
  }
  user = status.user;
  mostTurns = status.most_turns;
  ready = status.ready;
  spot("contents").textContent = status.contents;
  if (status.ready) {
    outlets = status.outlets;
  }
  if (part("qa-welcome").dataset.shown !== status.welcome) {
    part("qa-welcome").dataset.shown = status.welcome;
    part("qa-welcome").innerHTML = status.welcome;
  }
  showRebuild(status);
  spot("upload").hidden = !status.upload_mb;
  spot("upload-hint").textContent = `At most ${status.upload_mb} MB each; stored below the folder of articles.`;
  if (user && !spot("session").firstChild) showLogout();
  if (known !== status.generation) {
    known = status.generation;
    showScope();
  }
  showState();
  if (first) begin();
  clearTimeout(clock);
  if (!status.settled) clock = setTimeout(look, status.ready ? 800 : 400);
}

function showLogout() {
  const form = make("form", "", { method: "post", action: "/logout" });
  form.append(make("button", "Log out", { class: "quiet" }));
  spot("session").append(form);
}

async function look() {
  const status = await call("status", null, true);
  if (status) take(status);
  else clock = setTimeout(look, 3000); // the server may come back
}

const CLICKS = [
  ["[data-close]", () => closeReading()],
  ["[data-step]", (hit) => step(Number(hit.dataset.step))],
  ["[data-copy-link]", () => copy(new URL(pane.dataset.wanted, location).href, "Link copied.")],
  ["[data-cite]", (hit) => readQuote(hit.dataset.turn, hit.dataset.cite, null, hit)],
  ["[data-proof]", (hit) => showProof(hit.dataset.proof)],
  ["[data-read]", (hit) => readQuote(hit.dataset.turn, hit.dataset.read, hit.dataset.article, hit)],
  ["[data-article]", (hit) => openAlone(hit)],
  ["[data-ask]", (hit) => ask(hit.dataset.ask)],
  ["[data-retry]", () => call("retry").then((status) => status && take(status))],
  ["[data-again]", (hit) => again(hit.closest(".turn"))],
  ["[data-widen]", (hit) => again(hit.closest(".turn"), hit.dataset.widen)],
  ["[data-edit]", (hit) => edit(hit.closest(".turn"))],
  ["[data-thumb]", (hit) => thumb(hit)],
  ["[data-copy-answer]", (hit) => copyAnswer(hit.closest(".turn"))],
  ["[data-clear]", (hit) => setLimits(without(current.limits, hit.dataset.clear))],
  ["[data-limit]", (hit) => openLimit(hit.dataset.limit, hit)],
  ["[data-export-as]", (hit) => exportAs(hit.dataset.exportAs)],
  ["[data-remove]", (hit) => remove(hit.dataset.remove)],
  ["[data-conversation]", (hit) => openConversation(hit.dataset.conversation)],
  ["#qa-new", () => startAnew()],
  ["#qa-stop", () => stop()],
  ["[data-menu]", () => showMenu(!app.hasAttribute("data-menu-open"))],
  [".views [data-view]", (hit) => showView(hit.dataset.view)],
];

app.addEventListener("click", (event) => {
  if (event.target === pane) closeReading(); // beside the sheet
  if (!event.target.closest("#qa-rail, [data-menu]")) showMenu(false);
  for (const [selector, act] of CLICKS) {
    const hit = event.target.closest(selector);
    if (!hit || hit === app) continue;
    const newTab = hit.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey);
    if (newTab) return;
    event.preventDefault();
    act(hit);
    return;
  }
  clickInLibrary(event.target);
});

function openAlone(hit) {
  reading = null;
  openArticle({ article: hit.dataset.article, start: null, end: null }, hit);
}

function showProof(turn) {
  prove(turn);
  if (narrow.matches) readQuote(turn, 1);
  else part(`proof-${turn}`).scrollIntoView({ behavior: smoothly(), block: "start" });
}

function openConversation(id) {
  showMenu(false);
  if (id === current.id) return;
  const found = keptConversation(id);
  if (found) show(found);
  else remove(id);
}

function startAnew() {
  showMenu(false);
  show(blank());
  if (!narrow.matches) box.focus(); // on a phone this would open the keyboard
}

function showMenu(open) {
  app.toggleAttribute("data-menu-open", open);
  app.querySelector(".menu").setAttribute("aria-expanded", String(open));
}

part("qa-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (run || !ready) return;
  const question = box.value;
  box.value = "";
  fit();
  ask(question);
});
box.addEventListener("input", () => {
  fit();
  keepDraft();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  part("qa-form").requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest?.("input, textarea, select");
  const bar = event.target.closest?.('[role="button"][data-since]');
  if (event.key === "Escape") {
    if (panel.matches(":popover-open")) return; // it closes itself
    if (pane.open) closeReading();
    else if (run) stop();
    else if (app.hasAttribute("data-menu-open")) showMenu(false);
    else if (typing) event.target.blur();
  } else if ((event.key === "Enter" || event.key === " ") && bar) {
    event.preventDefault();
    clickInLibrary(bar);
  } else if (!typing && (event.key === "j" || event.key === "k")) step(event.key === "j" ? 1 : -1);
});

window.addEventListener("focus", () => look()); // the index may have been built anew meanwhile

/** Put back what was on the page before. */
async function begin() {
  showList();
  const id = load(sessionStorage, keyOf("current"), null);
  const wanted = shared();
  const before = typeof id === "string" ? keptConversation(id) : undefined;
  if (before) await show(before);
  else showState();
  putDraftBack();
  if (wanted) openArticle(wanted, null, false);
  else if (!narrow.matches) box.focus();
}

showScope();
look();
