// The library: browse and search the articles, see them over time, rebuild the index, add articles.

const TOO_LARGE = "this is more than may be sent at once; split it, or ask whoever runs this page";
const shelf = { words: "", limits: {}, page: 0 };
let watching = false; // whether a rebuild's progress is being watched

function showView(name) {
  if (app.dataset.view === name) return;
  app.dataset.view = name;
  part("qa-library").hidden = name !== "library";
  for (const id of ["qa-rail", "qa-chat", "qa-side"]) part(id).hidden = name === "library";
  for (const button of app.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  closeReading();
  if (name === "library") showLibrary();
}

async function showLibrary() {
  await Promise.all([showArticles(), showAbout()]);
}

async function showArticles() {
  const wanted = JSON.stringify(shelf);
  const html = await call("articles", JSON.parse(wanted));
  if (html === undefined || wanted !== JSON.stringify(shelf)) return;
  const place = spot("articles");
  place.innerHTML = html;
  for (const button of place.querySelectorAll("[data-outlet]")) {
    button.setAttribute("aria-pressed", String(!!shelf.limits.sources?.includes(button.dataset.outlet)));
  }
}

async function showAbout() {
  const html = await call("about");
  if (html !== undefined) spot("about").innerHTML = html;
}

/** List articles with these limits, from the first page. */
function browse(limits) {
  shelf.limits = limits;
  shelf.page = 0;
  showArticles();
}

spot("find").addEventListener("submit", (event) => {
  event.preventDefault();
  shelf.words = part("qa-find").value;
  browse(shelf.limits);
});
part("qa-find").addEventListener("search", (event) => {
  if (event.target.value || !shelf.words) return;
  shelf.words = ""; // it was cleared
  browse(shelf.limits);
});

/** What a click in the library does; false if it was on nothing. */
function clickInLibrary(target) {
  const bar = target.closest("[data-since]");
  const outlet = target.closest("[data-outlet]");
  const page = target.closest("[data-page]");
  if (bar) browse({ ...shelf.limits, since: bar.dataset.since, until: bar.dataset.until });
  else if (outlet) {
    const chosen = new Set(shelf.limits.sources ?? []);
    if (!chosen.delete(outlet.dataset.outlet)) chosen.add(outlet.dataset.outlet);
    browse({ ...shelf.limits, sources: [...chosen] });
  } else if (page) {
    shelf.page = Number(page.dataset.page);
    showArticles().then(() => spot("articles").scrollIntoView({ block: "start" }));
  } else if (target.closest("[data-all]")) browse({});
  else if (target.closest("[data-ask-within]")) {
    setLimits({ ...current.limits, ...shelf.limits });
    showView("ask");
    box.focus();
  } else if (target.closest("[data-rebuild]")) rebuild();
  else return false;
  return true;
}

async function rebuild() {
  spot("progress").replaceChildren();
  const status = await call("rebuild");
  if (status) take(status);
}

/** Show how far a rebuild is, and what came of it. */
function showRebuild(status) {
  spot("rebuild").disabled = status.rebuilding;
  const place = spot("progress");
  const bar = place.querySelector("progress");
  if (status.rebuilding && bar && status.progress.includes("value=")) {
    // The bar itself stays, so that it moves and is not read out anew each time.
    const next = make("div");
    next.innerHTML = status.progress;
    const told = next.querySelector("progress");
    bar.max = told.max;
    bar.value = told.value;
    place.querySelector("span").textContent = next.querySelector("span").textContent;
  } else place.innerHTML = status.progress || status.rebuilt;
  if (watching && !status.rebuilding && app.dataset.view === "library") showLibrary();
  watching = status.rebuilding;
}

part("qa-upload").addEventListener("change", async (event) => {
  const told = spot("uploads");
  told.replaceChildren();
  let added = false;
  for (const file of event.target.files) {
    const item = make("li", `${file.name} …`);
    told.append(item);
    const { stored, error } = await upload(file);
    item.textContent = `${file.name}: ${stored ? `stored as ${stored}` : error}`;
    added ||= Boolean(stored);
  }
  event.target.value = "";
  if (added) told.append(make("li", "Rebuild to search what was added."));
});

/** Where the server has stored a file, or why it has not. */
async function upload(file) {
  const address = `/upload?name=${encodeURIComponent(file.name)}`;
  const answer = await fetch(address, { method: "POST", body: file }).catch(() => undefined);
  // A proxy in front of the server may answer in its place, with a page of its own.
  const told = (await answer?.json().catch(() => undefined)) ?? {};
  return told.stored || told.error ? told : { error: answer?.status === 413 ? TOO_LARGE : LOST };
}
