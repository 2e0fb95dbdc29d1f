"""Which sentences of a language model get through: ``python -m benchmarks.support``.

SmolLM2-135M wrote the sentences of tests/writing/labelled.jsonl about our own articles; each was
labelled by reading, before the program had judged it.  The set "fitted" was looked at while the rules
were made.  The sets "held-out" were measured once, which is what the last column has (through / lost),
and looked at afterwards.  The cross-encoder is measured beside: the best logit of the sentence with any
sentence of its passages, at the threshold that loses a tenth of what is supported.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article
from index.sentences import sentence_spans
from qa.cross_encoder import load_cross_encoder
from qa.entailment import load_entailment
from qa.hits import Hit
from qa.prompt import Shown
from qa.prover import Prover
from qa.reader import load_reader

ROOT = Path(__file__).parent.parent
FIRST_LOOK = {"held-out-1": "2.8% / 19.6%", "held-out-2": "3.8% / 33.3%"}


def passages_of(row: dict[str, Any], articles: dict[str, Article]) -> list[Shown]:
    """The passages that the model was shown when it wrote the sentence of ``row``."""
    shown = []
    for number, (name, start, end) in enumerate(row["passages"], start=1):
        article = articles[name]
        spans = tuple(
            span for span in sentence_spans(article.text) if start <= span[0] and span[1] <= end
        )
        shown.append(
            Shown(number, Hit(article, article.text[start:end], start, end, 0.0, spans, ""), spans)
        )
    return shown


def main() -> None:
    """Measure, print and write the figures."""
    lines = (ROOT / "tests/evaluation/articles.jsonl").read_text("utf-8").splitlines()
    articles = {row["id"]: Article(**row, path="") for row in map(json.loads, lines)}
    encoder, reader = load_cross_encoder(None, 256, 0), load_reader(256, 0)
    judge = load_entailment(256, 0)
    found: dict[str, list[tuple[bool, bool, bool, float]]] = defaultdict(list)
    for line in (ROOT / "tests/writing/labelled.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["label"] == "neither":
            continue
        passages = passages_of(row, articles)
        proof = Prover(row["question"], passages, reader, judge).prove(row["sentence"])
        texts = [p.hit.article.text[start:end] for p in passages for start, end in p.sentences]
        logit = float(encoder.score(row["sentence"], texts).max())
        corrected = proof is not None and proof.corrected
        found[row["set"]].append((row["label"] == "supported", proof is not None, corrected, logit))
    found["all"] = [entry for entries in list(found.values()) for entry in entries]
    logits = np.array([entry[3] for entry in found["all"]])
    supported = np.array([entry[0] for entry in found["all"]])
    threshold = float(np.quantile(logits[supported], 0.1))
    figures: dict[str, Any] = {
        "cross-encoder": {
            "lost": 0.1,
            "through": round(float((logits[~supported] >= threshold).mean()), 3),
        }
    }
    print(f"{'set':<12}{'unsupported':>12}{'through':>9}{'corrected':>11}{'supported':>11}{'lost':>8}")
    for name, entries in found.items():
        wrong = [entry for entry in entries if not entry[0]]
        right = [entry for entry in entries if entry[0]]
        figures[name] = {
            "unsupported": len(wrong),
            "through": round(sum(e[1] and not e[2] for e in wrong) / len(wrong), 3),
            "corrected": sum(e[2] for e in wrong),
            "supported": len(right),
            "lost": round(sum(not e[1] for e in right) / len(right), 3),
            "first look": FIRST_LOOK.get(name),
        }
        of_set = figures[name]
        print(
            f"{name:<12}{of_set['unsupported']:>12}{of_set['through']:>9.1%}{of_set['corrected']:>11}"
            f"{of_set['supported']:>11}{of_set['lost']:>8.1%}  {of_set['first look'] or ''}"
        )
    print(f"the cross-encoder alone, losing 10%: through {figures['cross-encoder']['through']:.1%}")
    Path(__file__).with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
