"""Our embedder, retriever and reranker as parts for anyone's LlamaIndex program."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding, Embedding
from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle, TextNode

from index.embed import Embedder, load_embedder
from index.settings import load_settings
from qa.cross_encoder import CrossEncoder, load_cross_encoder
from qa.hits import Hit
from qa.pipeline import retrieve
from qa.settings import Settings


class ArticleEmbedding(BaseEmbedding):
    """bge-small on this machine, in small batches sorted by length; vectors of 384, length 1."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, settings: Settings | None = None, **kwargs: Any) -> None:
        """Load the model.  Raises ModelsError.

        A batch size of LlamaIndex's is only how many texts it hands over at once; the more, the
        better they can be sorted.
        """
        settings = settings or load_settings(Settings)
        embedder = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
        super().__init__(**{"model_name": embedder.name, "embed_batch_size": 1024, **kwargs})
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> Embedding:
        return [float(value) for value in self._embedder.embed_query(query)]

    async def _aget_query_embedding(self, query: str) -> Embedding:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> Embedding:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[Embedding]:
        return [[float(value) for value in row] for row in self._embedder.embed_passages(texts)]


class ArticleRetriever(BaseRetriever):
    """Passages of an article index, as ``retrieve`` finds them."""

    def __init__(self, k: int | None = None, settings: Settings | None = None, **filters: Any) -> None:
        """``filters`` are those of ``retrieve``: since, until, sources, as_of, index_dir."""
        self._arguments = {"k": k, "settings": settings, **filters}
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(hit) for hit in retrieve(query_bundle.query_str, **self._arguments)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class ArticleReranker(BaseNodePostprocessor):
    """Orders nodes by how well they answer the question, with the bundled cross-encoder."""

    top_n: int = Field(default=10, ge=1, description="nodes to keep")
    _encoder: CrossEncoder = PrivateAttr()

    def __init__(self, settings: Settings | None = None, **kwargs: Any) -> None:
        """Load the model.  Raises ModelsError."""
        super().__init__(**kwargs)
        settings = settings or load_settings(Settings)
        self._encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("a reranker needs the question: pass query_str or query_bundle")
        texts = [node.node.get_content(metadata_mode=MetadataMode.NONE) for node in nodes]
        scores = self._encoder.score(query_bundle.query_str, texts)
        rescored = [
            NodeWithScore(node=node.node, score=float(score))
            for node, score in zip(nodes, scores, strict=True)
        ]
        return sorted(rescored, key=lambda node: -(node.score or 0.0))[: self.top_n]


def _node(hit: Hit) -> NodeWithScore:
    """A hit with its article's metadata; the offsets are those into the article's text."""
    metadata = hit.article.to_dict(text=False)
    node = TextNode(
        id_=f"{hit.article.id}:{hit.start}-{hit.end}",
        text=hit.text,
        metadata=metadata,
        start_char_idx=hit.start,
        end_char_idx=hit.end,
        excluded_embed_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=node, score=hit.score)
