"""What processes made by ``tests.forks`` find imported."""

from __future__ import annotations

import os

# As qa.chat has it: gradio reads them when it is imported.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1")

import chromadb  # noqa: F401
import gradio  # noqa: F401
import onnxruntime  # noqa: F401
import tantivy  # noqa: F401
import tokenizers  # noqa: F401
import uvicorn  # noqa: F401

import qa.cli
import qa.page.layout  # noqa: F401
import tests.rebuilding  # noqa: F401
