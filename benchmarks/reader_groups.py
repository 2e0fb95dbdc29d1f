"""What the reader learns to choose from: questions, and the sentences that a search shows it for each.

Questions that a model wrote (benchmarks/write_questions.py) are kept where the reader that is there
finds the words that they were to ask for: round-trip consistency (Alberti et al. 2019).  Those of
SQuAD 2.0 are taken as they are.  Each is searched for among all articles of its set, as ``ask`` would,
so that the sentences which do not answer are those that the reader will have to refuse.  Half an hour
on two cores.

    python -m benchmarks.reader_groups --data FOLDER --questions questions.jsonl --output groups.jsonl
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from benchmarks import data
from index import open_index
from index.generation import Index
from index.sentences import Span, sentence_spans
from index.settings import load_settings
from qa.cross_encoder import CrossEncoder
from qa.hits import lead
from qa.pipeline import LEADS, retrieve
from qa.quote import read_sentences
from qa.reader import Reader, load_reader
from qa.reading import around
from qa.settings import Settings
from qa.understand import understand

NEWS, SQUAD = "multihop_rag", "squad2"
LIKELY = -0.9  # mean logarithm of the probability of a question's tokens, at least
ALIKE = 0.6  # F1 of the words that were to be asked for and those that the reader finds, at least
WORDS = range(5, 29)  # of a question
SURE = 1.0  # logit of the words that make another sentence an answer, too


@dataclass(frozen=True, slots=True)
class Group:
    """A question, the sentences found for it and, for each, where in it the answer stands.

    ``places`` are offsets; None where it does not stand.  Sentences that may or may not answer are
    left out.  ``text`` is what stands around the sentence that was asked about.
    """

    question: str
    article: str
    answers: tuple[str, ...]
    sentences: tuple[str, ...]
    places: tuple[Span | None, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question of a text: the sentence ``text[start:end]`` answers it, none if they are 0."""

    question: str
    article: str
    answers: tuple[str, ...]
    text: str
    start: int
    end: int


class Listener:
    """Stands in for the cross-encoder: it keeps the sentences to be read, and reads none."""

    texts: Sequence[str] = ()

    def score_best(
        self, _question: str, texts: Sequence[str], _most: int, _bonus: npt.NDArray[np.floating[Any]]
    ) -> npt.NDArray[np.float32]:
        self.texts = texts
        return np.full(len(texts), np.nan, dtype=np.float32)


def main() -> None:
    """Write a group for each question that is kept, one a line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/groups"))
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    settings = load_settings(Settings)
    reader = load_reader(settings.batch_tokens, settings.threads)
    news, squad = (data.folder(name, arguments.data) for name in (NEWS, SQUAD))
    with arguments.output.open("w", encoding="utf-8") as file:
        for path, wanted in (
            (squad, of_squad(squad)),
            (news, written(news, arguments.questions, reader)),
        ):
            records = {record["id"] for record in data.records(path)}
            index_dir = data.sample_index(path, arguments.work, records, 0)
            with open_index(index_dir) as index:
                for one in wanted:
                    if group := grouped(one, index, index_dir, reader):
                        file.write(json.dumps(asdict(group)) + "\n")


def of_squad(path: Path) -> Iterator[Wanted]:
    """The questions of SQuAD 2.0, answerable or not, each with its paragraph."""
    for line in (path / "questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        evidence, answers = record["evidence"][0], tuple(record["answers"])
        text = evidence["quote"].strip()
        spans = [span for span in sentence_spans(text) if any(a in text[slice(*span)] for a in answers)]
        if spans or not answers:
            yield Wanted(record["question"], evidence["article"], answers, text, *([*spans, (0, 0)][0]))


def written(path: Path, questions: Path, reader: Reader) -> Iterator[Wanted]:
    """The questions that a model wrote, of those that can be answered."""
    texts = {record["id"]: record["text"] for record in data.records(path)}
    for record in map(json.loads, questions.read_text("utf-8").splitlines()):
        question, text = record["question"], texts[record["article"]]
        words = text[record["start"] : record["end"]]
        whole = question.endswith("?") and question.count("?") == 1 and len(question.split()) in WORDS
        if not whole or record["likely"] < LIKELY or _words(words) in _words(question):
            continue
        spans = sentence_spans(text)
        start, end = next(span for span in spans if span[1] > record["start"])
        (reading,) = reader.read(question, [text[start:end]])
        found = text[start + reading.start : start + reading.end]
        if reading.words > 0 and alike(words, found) >= ALIKE:
            first, last = around(spans, (start, end))
            yield Wanted(
                question,
                record["article"],
                (words, found),
                text[first:last],
                start - first,
                end - first,
            )


def grouped(wanted: Wanted, index: Index, index_dir: Path, reader: Reader) -> Group | None:
    """The sentences that ``ask`` would read; None for who asks several things, or finds nothing."""
    query = understand(wanted.question, outlets=index.outlets.values())
    hits = [] if query.asks_several else retrieve(wanted.question, index_dir=index_dir)
    listener = Listener()
    leads = [lead(index, hit) for hit in hits[:LEADS]]
    read_sentences(
        wanted.question, hits, leads, cast(CrossEncoder, listener), index.lexical.telling_words
    )
    asked = wanted.text[wanted.start : wanted.end]
    sentences = list(listener.texts)
    if not sentences:
        return None
    if asked and not any(sentence.endswith(asked) for sentence in sentences):
        sentences.append(asked)
    kept: dict[str, Span | None] = {}
    for sentence in sentences:
        held = [answer for answer in wanted.answers if answer and answer in sentence]
        if not held:
            kept[sentence] = None
        elif asked and sentence.endswith(asked):
            start = sentence.rfind(held[0])
            kept[sentence] = start, start + len(held[0])
        else:
            (reading,) = reader.read(wanted.question, [sentence])
            found = sentence[reading.start : reading.end]
            if reading.words > SURE and max(alike(answer, found) for answer in held) >= ALIKE:
                kept[sentence] = reading.start, reading.end
    if wanted.answers and not any(kept.values()):
        return None
    return Group(
        wanted.question,
        wanted.article,
        wanted.answers,
        tuple(kept),
        tuple(kept.values()),
        wanted.text,
    )


def alike(words: str, others: str) -> float:
    """F1 of the words of two answers (Rajpurkar et al. 2016)."""
    own, theirs = _words(words).split(), _words(others).split()
    common = sum(word in theirs for word in own)
    return 2 * common / (len(own) + len(theirs)) if common else 0.0


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    main()
