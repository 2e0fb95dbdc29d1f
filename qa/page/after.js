// After an answer: what one thinks of it, and what one takes along.

/** Show on a turn what was thought of it. */
function showFeedback(turn) {
  const { thumb } = current.turns[Number(turn.dataset.turn) - 1]?.feedback ?? {};
  for (const button of turn.querySelectorAll("[data-thumb]")) {
    button.setAttribute("aria-pressed", String(button.dataset.thumb === thumb));
  }
}

/** Thumbs: a second click on the same takes it back. */
async function thumb(button) {
  const turn = button.closest(".turn");
  const kept = current.turns[Number(turn.dataset.turn) - 1];
  const chosen = kept.feedback?.thumb === button.dataset.thumb ? null : button.dataset.thumb;
  const form = turn.querySelector("[data-reason]");
  if (!(await send(turn, kept, chosen, ""))) return;
  form.hidden = !chosen;
  turn.querySelector(".thanks").textContent = chosen ? "Thank you: noted." : "";
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (!(await send(turn, kept, chosen, form.reason.value))) return;
    form.hidden = true;
    turn.querySelector(".thanks").textContent = "Thank you: noted, with your reason.";
  };
  if (chosen) form.reason.focus();
}

async function send(turn, kept, chosen, reason) {
  const number = current.turns.indexOf(kept);
  const turns = current.turns.slice(Math.max(0, number - 12), number + 1).map(forServer);
  const sent = { turns, thumb: chosen, reason, id: kept.feedback?.id ?? null };
  const told = await call("feedback", sent);
  if (told?.error) toast(told.error);
  if (!told?.id) return false;
  kept.feedback = { id: told.id, thumb: chosen };
  keep();
  showFeedback(turn);
  return true;
}

function copyAnswer(turn) {
  const { answer } = current.turns[Number(turn.dataset.turn) - 1];
  const sources = answer.citations.map(
    (cited) => `[${cited.number}] ${[cited.title, cited.source, cited.published, cited.url].filter(Boolean).join(", ")}`,
  );
  const text = answer.text.replace(/\\([^\sA-Za-z0-9])/g, "$1"); // without Markdown's escapes
  copy([text, ...sources].join("\n\n"), "Answer copied, with its sources.");
}

async function exportAs(kind) {
  const file = await call("export_as", { kind, turns: current.turns.map(forServer) });
  if (file?.error) toast(file.error);
  else if (file) download(file.name, file.text, file.type);
}
