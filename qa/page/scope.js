// What is searched: days, outlets and "as of", kept with the conversation.

let outlets = []; // of the index
const panel = part("qa-panel");

const longDay = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
});
const asDay = (iso) => (/^\d{4}-\d\d-\d\d/.test(iso) ? longDay.format(new Date(iso.slice(0, 10))) : iso);

function setLimits(limits) {
  current.limits = Object.fromEntries(
    Object.entries(limits).filter(([, value]) => (Array.isArray(value) ? value.length : value)),
  );
  keep();
  showScope();
}

/** The limits without one kind: dates, sources or as_of. */
function without(limits, kind) {
  const { since, until, sources, as_of } = limits;
  if (kind === "dates") return { sources, as_of };
  return kind === "sources" ? { since, until, as_of } : { since, until, sources };
}

function datesInWords({ since, until }) {
  if (since && until) return since === until ? asDay(since) : `${asDay(since)} – ${asDay(until)}`;
  if (since) return `From ${asDay(since)}`;
  return until ? `Up to ${asDay(until)}` : "All dates";
}

function outletsInWords({ sources = [] }) {
  if (!sources.length) return "All outlets";
  return sources.length === 1 ? sources[0] : `${sources.length} outlets`;
}

function showScope() {
  const limits = current.limits;
  const chips = [
    ["dates", datesInWords(limits), limits.since || limits.until, "Dates"],
    ["sources", outletsInWords(limits), limits.sources?.length, "Outlets"],
    ["as_of", limits.as_of ? `As of ${asDay(limits.as_of)}` : "As of today", limits.as_of, "As of"],
  ];
  spot("scope").replaceChildren(
    ...chips.map(([kind, words, on, name]) => {
      const chip = make("span", "", { class: on ? "chip on" : "chip" });
      const open = make("button", words, { type: "button", "data-limit": kind, "aria-haspopup": "dialog" });
      open.setAttribute("aria-label", `${name}: ${words}`);
      chip.append(open);
      if (on) {
        const clear = make("button", "×", { type: "button", "data-clear": kind });
        clear.setAttribute("aria-label", `Remove the limit: ${words}`);
        chip.append(clear);
      }
      return chip;
    }),
  );
}

const FORMS = {
  dates: () => [
    dayField("From", "since", current.limits.since),
    dayField("To", "until", current.limits.until),
  ],
  as_of: () => [
    make("p", "Ask as on an earlier day: nothing published later counts.", { class: "hint" }),
    dayField("As of", "as_of", current.limits.as_of),
  ],
  sources: () => {
    const chosen = new Set(current.limits.sources ?? []);
    const list = make("ul", "", { class: "choices" });
    for (const name of outlets) {
      const box = make("input", "", { type: "checkbox", name: "sources", value: name });
      box.checked = chosen.has(name);
      const label = make("label");
      label.append(box, make("span", name, { dir: "auto" }));
      const item = make("li");
      item.append(label);
      list.append(item);
    }
    if (outlets.length < 9) return [list];
    const find = make("input", "", { type: "search", placeholder: "Find an outlet", "aria-label": "Find an outlet" });
    find.addEventListener("input", () => {
      for (const item of list.children) {
        item.hidden = !item.textContent.toLowerCase().includes(find.value.trim().toLowerCase());
      }
    });
    return [find, list];
  },
};

function dayField(words, name, value = "") {
  const label = make("label", words);
  const input = make("input", "", { type: "date", name });
  input.value = value.slice(0, 10);
  label.append(input);
  return label;
}

/** Open the panel where one limit is set, above its chip. */
function openLimit(kind, chip) {
  const form = make("form");
  const use = make("button", "Use", { class: "button primary" });
  form.append(...FORMS[kind](), use);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const others = without(current.limits, kind);
    if (kind === "dates") setLimits({ ...others, since: given.get("since"), until: given.get("until") });
    else if (kind === "as_of") setLimits({ ...others, as_of: given.get("as_of") });
    else setLimits({ ...others, sources: given.getAll("sources") });
    panel.hidePopover();
    box.focus();
  });
  panel.replaceChildren(form);
  panel.showPopover();
  const { left, top } = chip.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - panel.offsetWidth - 8))}px`;
  panel.style.top = `${Math.max(8, top - panel.offsetHeight - 8)}px`;
  (form.querySelector("input") || use).focus();
}
