"""What the reader is taught with: questions, paragraphs and sentences, changed anew in each epoch."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

BATCH = 64
OTHER_PARAGRAPH, OTHER_NAME, WIDER = 0.15, 0.25, 0.5  # shares of the examples that are made so
WIDER_BY = 100, 700  # characters of a neighbouring paragraph
SENTENCES, HARDEST, RIGHT = 16, 10, 3  # of a group, of these from the best hits, and that answer
NONE_RIGHT, OTHER_QUESTION = 0.15, 0.15  # shares of the groups without an answer that are made so
_NAME = re.compile(r"\b(?:[A-Z][\w'-]+(?: (?:of |the )?[A-Z][\w'-]+)*|\d[\d,.]*\d|\d)\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the set, and the paragraph that it was asked of."""

    text: str
    article: str
    paragraph: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a text, and where in it the answer stands, or None."""

    question: str
    text: str
    answer: tuple[int, int] | None


def read_set(folder: Path) -> tuple[dict[str, list[str]], list[Question]]:
    """The paragraphs of each article, and the questions with the paragraph that each was asked of."""
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    articles = {a["id"]: a["text"].split("\n\n") for a in map(json.loads, lines)}
    questions = []
    for record in map(json.loads, (folder / "questions.jsonl").read_text("utf-8").splitlines()):
        article, quote = record["evidence"][0]["article"], record["evidence"][0]["quote"].strip()
        paragraph = [text.strip() for text in articles[article]].index(quote)
        questions.append(Question(record["question"], article, paragraph, tuple(record["answers"])))
    return articles, questions


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and the sentences found for it; ``places`` are of the answer in each, or None."""

    text: str
    article: str
    answers: tuple[str, ...]
    sentences: tuple[str, ...]
    places: tuple[tuple[int, int] | None, ...]


def read_groups(
    path: Path, known: dict[str, list[str]]
) -> tuple[list[Shown], dict[str, list[str]], list[Question]]:
    """The groups, and of those about articles that are not ``known`` the paragraphs and questions."""
    groups: list[Shown] = []
    texts: dict[str, list[str]] = {}
    questions = []
    for record in map(json.loads, path.read_text("utf-8").splitlines()):
        article, answers = record["article"], tuple(record["answers"])
        places = tuple(place and (place[0], place[1]) for place in record["places"])
        groups.append(Shown(record["question"], article, answers, tuple(record["sentences"]), places))
        if article not in known:
            paragraphs = texts.setdefault(article, [])
            questions.append(Question(record["question"], article, len(paragraphs), answers))
            paragraphs.append(record["text"])
    return groups, texts, questions


def shown(group: Shown, chance: random.Random) -> list[Example]:
    """Sentences of the group, with its question or, of some, with one that none of them answers."""
    pairs = list(zip(group.sentences, group.places, strict=True))
    right = [Example(group.text, text, place) for text, place in pairs if place]
    wrong = [Example(group.text, text, None) for text, place in pairs if not place]
    if right and chance.random() < OTHER_QUESTION:
        made = renamed(group.text, [example.text for example in wrong], group.answers, chance)
        told = " ".join(example.text for example in right)
        if made and not any(
            name in told for name in set(_NAME.findall(made)) - set(_NAME.findall(group.text))
        ):
            return [Example(made, text, None) for text, _ in pairs[:SENTENCES]]
    if wrong and chance.random() < NONE_RIGHT:
        right = []
    right = chance.sample(right, min(len(right), RIGHT))
    others = chance.sample(wrong[HARDEST:], len(wrong[HARDEST:]))
    return [*right, *[*wrong[:HARDEST], *others][: SENTENCES - len(right)]]


def changed(question: Question, articles: dict[str, list[str]], chance: random.Random) -> Example:
    """The question as it is, or made another one, with its paragraph or another."""
    paragraphs, place = articles[question.article], question.paragraph
    text = paragraphs[place]
    if chance.random() < OTHER_PARAGRAPH and len(paragraphs) > 1:
        other = chance.choice([p for number, p in enumerate(paragraphs) if number != place])
        if not any(answer.lower() in other.lower() for answer in question.answers):
            return Example(question.text, other, None)
    if (
        question.answers
        and chance.random() < OTHER_NAME
        and (made := renamed(question.text, paragraphs, question.answers, chance))
    ):
        return Example(made, text, None)
    answer = place_of(question, text, chance)
    if chance.random() < WIDER:
        length = chance.randrange(*WIDER_BY)
        if chance.random() < 0.5 and place > 0:
            before = paragraphs[place - 1][-length:]
            before = before[before.find(" ") + 1 :] + "\n\n"
            text = before + text
            answer = answer and (answer[0] + len(before), answer[1] + len(before))
        elif place + 1 < len(paragraphs):
            text += "\n\n" + paragraphs[place + 1][:length]
    return Example(question.text, text, answer)


def place_of(question: Question, text: str, chance: random.Random) -> tuple[int, int] | None:
    """Where one of the answers stands first in ``text``."""
    found = [(text.find(a), text.find(a) + len(a)) for a in question.answers if a in text]
    return chance.choice(found) if found else None


def renamed(
    question: str, texts: Sequence[str], answers: Sequence[str], chance: random.Random
) -> str | None:
    """The question with a name or number of ``texts`` in the place of one of its own."""
    own = [match for match in _NAME.finditer(question) if match.start() > 0]
    if not own:
        return None
    match = chance.choice(own)
    names = sorted({name for text in texts for name in _NAME.findall(text)})
    fitting = [
        name
        for name in names
        if len(name) > 1
        and name[0].isdigit() == match.group()[0].isdigit()
        and name.lower() not in question.lower()
        and match.group().lower() not in name.lower()
        and name not in answers
    ]
    if not fitting:
        return None
    start, end = match.span()
    return f"{question[:start]}{chance.choice(fitting)}{question[end:]}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples by their positions: ids, types, mask, first and last token of the answer, or 0."""

    positions: list[int]
    encodings: list[Any]
    tensors: tuple[Any, ...]


def batches(
    examples: Sequence[Example], tokenizer: Tokenizer, chance: random.Random | None, size: int = BATCH
) -> Iterator[Batch]:
    """The examples, those of about equal length together; shuffled by ``chance``, if it is given."""
    encodings = tokenizer.encode_batch([(example.question, example.text) for example in examples])
    order = sorted(
        range(len(examples)),
        key=lambda n: len(encodings[n].ids) + (chance.random() * 40 if chance else 0),
    )
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    if chance:
        chance.shuffle(groups)
    for group in groups:
        own = [encodings[n] for n in group]
        rows = np.zeros((3, len(group), max(len(encoding.ids) for encoding in own)), np.int64)
        ends = np.zeros((2, len(group)), np.int64)
        for row, (position, encoding) in enumerate(zip(group, own, strict=True)):
            length = len(encoding.ids)
            rows[0, row, :length], rows[1, row, :length] = encoding.ids, encoding.type_ids
            rows[2, row, :length] = 1
            ends[:, row] = tokens_of(examples[position].answer, encoding)
        yield Batch(group, own, tuple(map(torch.tensor, (*rows, *ends))))


def tokens_of(answer: tuple[int, int] | None, encoding: Any) -> tuple[int, int]:
    """The first and the last token of the answer; 0, that of [CLS], where there is none."""
    if answer is None:
        return 0, 0
    inside = [
        number
        for number, (of, (start, end)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if of == 1 and start < answer[1] and end > answer[0]
    ]
    return (inside[0], inside[-1]) if inside else (0, 0)
