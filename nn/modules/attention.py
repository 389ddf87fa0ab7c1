"""Attention, and the block of a transformer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, affine, attention, softmax
from nn.checks import array_of, take_synonyms
from nn.module import Module
from nn.modules.dropout import Dropout
from nn.modules.inputs import Seed, check_sizes, dtype_of, float_dtype, float_input, shape_error
from nn.modules.linear import Linear
from nn.modules.lookup import activation_of
from nn.modules.normalisation import LayerNorm


@final
class MultiheadAttention(Module):
    """softmax(q @ k^T / sqrt(d)) @ v in several heads, with q, k, v and the output multiplied by
    weights of their own.

    embed_dim   the size of the last axis of queries and output, a multiple of num_heads
    num_heads   how many heads, each of d = embed_dim / num_heads numbers
    dropout     in training, of the attention weights
    bias        False for none
    kdim, vdim  the sizes of the last axis of keys and values; by default embed_dim
    batch_first whether the axes are (samples, steps, numbers) and not (steps, samples, numbers)
    dtype, seed of the parameters, as in `Linear`

    The parameters are in_proj_weight (3 * embed_dim, embed_dim), or q_proj_weight, k_proj_weight
    and v_proj_weight where keys or values have another size, in_proj_bias (3 * embed_dim,), and
    those of out_proj, a `Linear`.  PyTorch's add_bias_kv and add_zero_attn are not here.

    >>> attend = MultiheadAttention(8, 2, batch_first=True, seed=0)
    >>> y, weights = attend(np.ones((4, 5, 8)), is_causal=True)
    >>> y.shape, weights.shape
    ((4, 5, 8), (4, 5, 5))
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        sizes = (
            embed_dim,
            embed_dim if kdim is None else kdim,
            embed_dim if vdim is None else vdim,
        )
        check_sizes("MultiheadAttention", embed_dim=sizes, num_heads=num_heads)
        if embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: embed_dim {embed_dim} is no multiple of {num_heads} heads"
            )
        kind = float_dtype("MultiheadAttention", dtype)
        source = np.random.default_rng(seed)
        self.embed_dim, self.num_heads, self.sizes = embed_dim, num_heads, sizes
        self.batch_first = bool(batch_first)

        def drawn(rows: int, columns: int) -> Value:
            bound = math.sqrt(6 / (rows + columns))
            return Value(source.uniform(-bound, bound, (rows, columns)).astype(kind))

        if sizes[1] == sizes[2] == embed_dim:
            self.in_proj_weight: Any = drawn(3 * embed_dim, embed_dim)
        else:
            self.in_proj_weight = None
            self.q_proj_weight: Any = drawn(embed_dim, sizes[0])
            self.k_proj_weight: Any = drawn(embed_dim, sizes[1])
            self.v_proj_weight: Any = drawn(embed_dim, sizes[2])
        self.in_proj_bias: Any = Value(np.zeros(3 * embed_dim, kind)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, kind, source, bias=bias)
        if self.out_proj.b is not None:
            self.out_proj.b.data[...] = 0
        self.drop = Dropout(dropout, seed=source.spawn(1)[0])

    def __call__(
        self,
        query: Any,
        key: Any = None,
        value: Any = None,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """The output, and the attention weights (None without `need_weights`).

        query  (steps, samples, embed_dim), or (samples, steps, embed_dim) with `batch_first`, or
               without the axis of samples;  key, value  by default the query
        key_padding_mask  (samples, keys): True for keys that nobody attends to, or what is added
        attn_mask   (queries, keys) or (samples * heads, queries, keys): True for pairs that do not
                    attend, or what is added
        is_causal   whether no query attends to a later key
        average_attn_weights  whether the weights are the mean over heads, (samples, queries, keys),
                    or of each, (samples, heads, queries, keys)
        """
        same = all(x is None or x is query for x in (key, value))
        query = self.checked("query", query, 0)
        key = query if key is None else self.checked("key", key, 1)
        value = key if value is None else self.checked("value", value, 2)
        alone = query.ndim == 2
        if not query.ndim == key.ndim == value.ndim:
            raise shape_error(
                self, f"a key and a value with the axes of the query, {query.shape}", key
            )
        if alone:
            query, key, value = (np.expand_dims(x, 0) for x in (query, key, value))
        elif not self.batch_first:
            query = np.swapaxes(query, 0, 1)
            key, value = (query, query) if same else (np.swapaxes(x, 0, 1) for x in (key, value))
        else:
            key, value = (query, query) if same else (key, value)
        if key.shape[:2] != value.shape[:2] or key.shape[0] != query.shape[0]:
            raise shape_error(
                self, f"as many keys as values, for {query.shape[0]} samples of the query", key
            )
        q, k, v = self.projected(query, key, value)
        plain = attn_mask is None and key_padding_mask is None
        if plain and not need_weights and not (self.drop.training and self.drop.p):
            heads: Any = attention(q, k, v, 1 / math.sqrt(q.shape[-1]), is_causal)
            return self.joined(heads, alone), None
        mask = self.mask(q.shape[:-1], k.shape[-2], key_padding_mask, attn_mask, is_causal)
        scores = (q * (1 / math.sqrt(q.shape[-1]))) @ np.swapaxes(k, -1, -2)
        if mask is not None:
            scores = scores + mask.astype(scores.dtype)
        weights = softmax(scores)
        y = self.joined(self.drop(weights) @ v, alone)
        if not need_weights:
            return y, None
        weights = np.mean(weights, axis=1) if average_attn_weights else weights
        return y, weights[0] if alone else weights

    def joined(self, heads: Any, alone: bool) -> Any:
        """The output, from those of the heads (samples, heads, steps, d)."""
        samples, _, steps, _ = heads.shape
        y: Any = self.out_proj(
            np.reshape(np.swapaxes(heads, 1, 2), (samples, steps, self.embed_dim))
        )
        if alone:
            return y[0]
        return y if self.batch_first else np.swapaxes(y, 0, 1)

    def checked(self, name: str, x: Any, place: int) -> Any:
        """One of the three inputs."""
        x = float_input(self, x, dtype_of(self.out_proj.w))
        if x.ndim not in (2, 3) or x.shape[-1] != self.sizes[place]:
            order = "samples, steps" if self.batch_first else "steps, samples"
            raise shape_error(self, f"a {name} of shape ({order}, {self.sizes[place]})", x)
        return x

    def projected(self, query: Any, key: Any, value: Any) -> list[Any]:
        """Queries, keys and values of each head: (samples, heads, steps, d)."""
        n, b = self.embed_dim, self.in_proj_bias
        if self.in_proj_weight is not None and query is key is value:
            w: Any = np.transpose(self.in_proj_weight)
            every = query @ w if b is None else affine(query, w, b)
            shape = (*every.shape[:2], 3, self.num_heads, n // self.num_heads)
            every = np.transpose(np.reshape(every, shape), (2, 0, 3, 1, 4))
            return [every[k] for k in range(3)]
        if self.in_proj_weight is not None:
            parts = [self.in_proj_weight[k * n : (k + 1) * n] for k in range(3)]
        else:
            parts = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        found = []
        for k, (x, w) in enumerate(zip((query, key, value), parts, strict=True)):
            w = np.transpose(w)
            y: Any = x @ w if b is None else affine(x, w, b[k * n : (k + 1) * n])
            y = np.reshape(y, (*y.shape[:2], self.num_heads, n // self.num_heads))
            found.append(np.swapaxes(y, 1, 2))
        return found

    def mask(
        self,
        shape: tuple[int, ...],
        keys: int,
        key_padding_mask: Any,
        attn_mask: Any,
        is_causal: bool,
    ) -> Any:
        """What is added to the scores (samples, heads, queries, keys): 0 or minus infinity, or as
        the masks say; None for no mask."""
        samples, heads, queries = shape
        total: Any = None
        if is_causal:
            later = np.arange(keys) > np.arange(queries)[:, None]
            total = added(later)
        if attn_mask is not None:
            found = added(array_of(attn_mask))
            if found.shape == (samples * heads, queries, keys):
                found = np.reshape(found, (samples, heads, queries, keys))
            elif found.shape != (queries, keys):
                raise shape_error(
                    self, f"an attn_mask of shape ({queries}, {keys}) or of each head", found
                )
            total = found if total is None else total + found
        if key_padding_mask is not None:
            found = added(array_of(key_padding_mask))
            if found.shape not in ((samples, keys), (keys,)):
                raise shape_error(self, f"a key_padding_mask of shape ({samples}, {keys})", found)
            found = np.reshape(found, (samples, 1, 1, keys))
            total = found if total is None else total + found
        return total

    def __repr__(self) -> str:
        more = ", batch_first=True" if self.batch_first else ""
        return f"MultiheadAttention({self.embed_dim}, {self.num_heads}{more})"


def added(mask: Any) -> Any:
    """A mask as what is added to scores: minus infinity where it is True, 0 where it is False, and
    numbers as they are."""
    return np.where(mask, -np.inf, 0.0) if mask.dtype.kind == "b" else mask


@final
class TransformerBlock(Module):
    """Attention and a network of two layers, each with a way around it and a `LayerNorm`: the layer
    of which transformers are stacks (PyTorch's TransformerEncoderLayer).

    d_model, nhead   as embed_dim and num_heads of `MultiheadAttention`
    dim_feedforward  the width of the network between the two layers
    dropout          in training, of the attention weights and of what is added
    activation       between the two layers, by name or as a function
    layer_norm_eps   eps of both norms
    batch_first      whether the axes are (samples, steps, numbers), not (steps, samples, numbers)
    norm_first       whether the norms come before attention and network, and not after the sums
    bias             False for no bias anywhere
    dtype, seed      of the parameters, as in `Linear`

    A call takes x (steps, samples, d_model) and the masks of `MultiheadAttention`; the output has
    the shape of x.

    >>> block = TransformerBlock(8, 2, 16, batch_first=True, norm_first=True, seed=0)
    >>> block(np.ones((4, 5, 8)), is_causal=True).shape
    (4, 5, 8)
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        source = np.random.default_rng(seed)
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype, seed=source
        )
        self.linear1 = Linear(d_model, dim_feedforward, dtype, source, bias=bias)
        self.linear2 = Linear(dim_feedforward, d_model, dtype, source, bias=bias)
        self.norm1, self.norm2 = (
            LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype) for _ in range(2)
        )
        self.dropout, self.dropout1, self.dropout2 = (
            Dropout(dropout, seed=own) for own in source.spawn(3)
        )
        self.activation = activation_of(activation)
        self.norm_first = bool(norm_first)

    def __call__(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """The output, in the shape of src."""
        x = float_input(self, src, dtype_of(self.linear1.w))
        masks = {"attn_mask": src_mask, "key_padding_mask": src_key_padding_mask}

        def attended(x: Any) -> Any:
            y, _ = self.self_attn(x, need_weights=False, is_causal=is_causal, **masks)
            return self.dropout1(y)

        def fed(x: Any) -> Any:
            inner = self.dropout(self.activation(self.linear1(x)))
            return self.dropout2(self.linear2(inner))

        if self.norm_first:
            x = x + attended(self.norm1(x))
            return x + fed(self.norm2(x))
        x = self.norm1(x + attended(x))
        return self.norm2(x + fed(x))

    def __repr__(self) -> str:
        d, heads = self.self_attn.embed_dim, self.self_attn.num_heads
        return f"TransformerBlock({d}, {heads}, {self.linear1.w.shape[1]})"
