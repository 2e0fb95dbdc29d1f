"""The models we teach, as PyTorch has them: the cross-encoder's layers, the upper of which learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional

LAYERS, UPPER, WIDTH, HEADS = 12, 9, 384, 12
DROPOUT = 0.1
MASKED = -10_000.0
_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "last": "output.LayerNorm",
}


class Layer(nn.Module):
    """A layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.joined = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm, self.last = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, states: Any, bias: Any) -> Any:
        texts, tokens, _ = states.shape
        query, key, value = (
            part(states).view(texts, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        weights = (query @ key.transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5 + bias
        weights = functional.dropout(weights.softmax(-1), DROPOUT, self.training)
        seen = self.joined((weights @ value).transpose(1, 2).reshape(texts, tokens, WIDTH))
        states = self.norm(states + functional.dropout(seen, DROPOUT, self.training))
        told = self.narrow(functional.gelu(self.wide(states)))
        return self.last(states + functional.dropout(told, DROPOUT, self.training))

    def load(self, weights: dict[str, Any], number: int) -> None:
        for own, theirs in _PARTS.items():
            for kind in ("weight", "bias"):
                name = f"bert.encoder.layer.{number}.{theirs}.{kind}"
                getattr(getattr(self, own), kind).data.copy_(weights[name])


class Lower(nn.Module):
    """The embeddings and the lower layers, which do not learn."""

    def __init__(self, weights: dict[str, Any]) -> None:
        super().__init__()
        for name, size in (("word", 30_522), ("position", 512), ("token_type", 2)):
            embedding = nn.Embedding(size, WIDTH)
            embedding.weight.data.copy_(weights[f"bert.embeddings.{name}_embeddings.weight"])
            setattr(self, name, embedding)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        for kind in ("weight", "bias"):
            getattr(self.norm, kind).data.copy_(weights[f"bert.embeddings.LayerNorm.{kind}"])
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - UPPER))
        for number, layer in enumerate(self.layers):
            layer.load(weights, number)

    def forward(self, ids: Any, types: Any, mask: Any) -> Any:
        places = torch.arange(ids.shape[1], device=ids.device)[None]
        states = self.norm(self.word(ids) + self.token_type(types) + self.position(places))
        for layer in self.layers:
            states = layer(states, _bias(mask, states))
        return states


class Upper(nn.Module):
    """What learns: of each token the logits to be the first and the last, and that of the text.

    ``chosen`` gives the logit that a sentence answers, by the cross-encoder's own head.
    """

    def __init__(self, weights: dict[str, Any]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(UPPER))
        for number, layer in enumerate(self.layers):
            layer.load(weights, LAYERS - UPPER + number)
        self.words, self.answers = nn.Linear(WIDTH, 2), nn.Linear(WIDTH, 1)
        for head in (self.words, self.answers):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        self.pooler, self.choice = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        for own, name in ((self.pooler, "bert.pooler.dense"), (self.choice, "classifier")):
            own.weight.data.copy_(weights[f"{name}.weight"])
            own.bias.data.copy_(weights[f"{name}.bias"])

    def forward(self, hidden: Any, attention_mask: Any) -> Any:
        return self.read(self.states(hidden, attention_mask))

    def states(self, hidden: Any, attention_mask: Any) -> Any:
        return _through(self.layers, hidden, attention_mask)

    def chosen(self, states: Any) -> Any:
        return self.choice(torch.tanh(self.pooler(states[:, 0])))[:, 0]

    def read(self, states: Any) -> Any:
        words = self.words(states)
        answers = self.answers(states[:, :1]).expand(-1, words.shape[1], 1)
        return torch.cat([words, answers], -1)


class Judge(nn.Module):
    """The same layers, taught to judge: a logit of the whole, shape ``(texts, 1)``."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.layers, self.says = upper.layers, upper.answers

    def forward(self, hidden: Any, attention_mask: Any) -> Any:
        return self.says(_through(self.layers, hidden, attention_mask)[:, 0])


def read_upper(path: Path, weights: dict[str, Any]) -> Upper:
    """The upper half as ``write`` has written it; what only learning needs comes from ``weights``."""
    graph = onnx.load(str(path)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    upper = Upper(weights)
    found = upper.state_dict()
    for name, value in values.items():
        own = name.removeprefix("u.")  # of the file that was written before ``write`` was
        if own in found:
            found[own] = torch.tensor(np.array(value))
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            base = node.input[1].removesuffix("_quantized")
            zero = values[f"{base}_zero_point"].astype(np.float32)
            scaled = (values[node.input[1]].astype(np.float32) - zero) * values[f"{base}_scale"]
            own = node.name.strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            found[f"{own}.weight"] = torch.tensor(scaled.T)
    upper.load_state_dict(found)
    return upper


def read_weights(path: Path) -> dict[str, Any]:
    """The weights of an int8 ONNX model as numbers of floating point, by their names in PyTorch."""
    graph = onnx.load(str(path)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {
        name: value for name, value in values.items() if name.endswith((".bias", "LayerNorm.weight"))
    }

    def numbers(name: str) -> Any:
        own = name.removesuffix("_quantized")
        zero = values[f"{own}_zero_point"].astype(np.float32)
        return (values[name].astype(np.float32) - zero) * values[f"{own}_scale"]

    for name in values:
        if "embeddings" in name and name.endswith("_quantized"):
            found[name.removesuffix("_quantized")] = numbers(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            name = node.name.strip("/").replace("/Gemm_MatMul", "/MatMul")
            name = name.removesuffix("/MatMul_quant").replace("/", ".")
            found[f"{name}.weight"] = numbers(node.input[1]).T
    return {name: torch.tensor(np.array(value)) for name, value in found.items()}


def write(upper: Any, output: Path) -> None:
    """The upper half as ONNX, its weights as int8 of seven bits, which no processor adds up wrongly."""
    whole = output.with_suffix(".float.onnx")
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        upper,
        (torch.randn(2, 17, WIDTH), torch.ones(2, 17, dtype=torch.int64)),
        str(whole),
        input_names=["hidden", "attention_mask"],
        output_names=["reading"],
        dynamic_axes={"hidden": axes, "attention_mask": axes, "reading": axes},
        opset_version=14,
        dynamo=False,
    )
    quantize_dynamic(
        str(whole), str(output), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )
    whole.unlink()


def _through(layers: Any, states: Any, mask: Any) -> Any:
    for layer in layers:
        states = layer(states, _bias(mask, states))
    return states


def _bias(mask: Any, states: Any) -> Any:
    return (1.0 - mask[:, None, None, :].to(states.dtype)) * MASKED
