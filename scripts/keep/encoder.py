"""The keep model in torch: a Qwen3-shaped encoder without a causal mask, with embeddings of features added to the tokens' own.

Parameter names are those of Hugging Face's Qwen3 with `keep_head` and `feature_embeddings.<name>` beside them, so that
export.py writes them as they are.
"""

from dataclasses import asdict, dataclass, field

import torch
from torch import nn
from torch.nn import functional


@dataclass
class EncoderConfig:
    vocabulary: int = 8192
    hidden: int = 256
    middle: int = 768
    layers: int = 3
    heads: int = 4
    key_heads: int = 2
    head_size: int = 64
    context: int = 512
    theta: float = 10000.0
    epsilon: float = 1e-6
    outputs: int = 3
    features: list = field(default_factory=list)  # [{"name", "size"}]

    def to_dict(self):
        return asdict(self)


class RMSNorm(nn.Module):
    def __init__(self, size, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x):
        return functional.rms_norm(x, x.shape[-1:], self.weight.to(x.dtype), self.epsilon)


def rotate(x, cosine, sine):
    """Rotary positions in Qwen3's layout: the first half of a head is paired with the second."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.q_proj = nn.Linear(c.hidden, c.heads * c.head_size, bias=False)
        self.k_proj = nn.Linear(c.hidden, c.key_heads * c.head_size, bias=False)
        self.v_proj = nn.Linear(c.hidden, c.key_heads * c.head_size, bias=False)
        self.o_proj = nn.Linear(c.heads * c.head_size, c.hidden, bias=False)
        self.q_norm = RMSNorm(c.head_size, c.epsilon)
        self.k_norm = RMSNorm(c.head_size, c.epsilon)

    def forward(self, x, mask, cosine, sine):
        batch, length, _ = x.shape
        shape = lambda projected: projected.view(batch, length, -1, self.c.head_size).transpose(1, 2)
        q = rotate(self.q_norm(shape(self.q_proj(x))), cosine, sine)
        k = rotate(self.k_norm(shape(self.k_proj(x))), cosine, sine)
        v = shape(self.v_proj(x))
        group = self.c.heads // self.c.key_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden, c.middle, bias=False)
        self.up_proj = nn.Linear(c.hidden, c.middle, bias=False)
        self.down_proj = nn.Linear(c.middle, c.hidden, bias=False)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c.hidden, c.epsilon)
        self.self_attn = Attention(c)
        self.post_attention_layernorm = RMSNorm(c.hidden, c.epsilon)
        self.mlp = MLP(c)

    def forward(self, x, mask, cosine, sine, drop):
        x = x + drop(self.self_attn(self.input_layernorm(x), mask, cosine, sine))
        return x + drop(self.mlp(self.post_attention_layernorm(x)))


class Trunk(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocabulary, c.hidden)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.norm = RMSNorm(c.hidden, c.epsilon)


class Encoder(nn.Module):
    def __init__(self, config: EncoderConfig, dropout=0.1):
        super().__init__()
        self.config = c = config
        self.model = Trunk(c)
        self.feature_embeddings = nn.ModuleDict({f["name"]: nn.Embedding(f["size"], c.hidden) for f in c.features})
        self.keep_head = nn.Linear(c.hidden, c.outputs)
        # Masked words are told by the embeddings' own vectors; only this bias is thrown away after pretraining.
        self.guess_bias = nn.Parameter(torch.zeros(c.vocabulary))
        self.drop = nn.Dropout(dropout)
        for module in self.modules():
            if isinstance(module, (nn.Embedding, nn.Linear)):
                nn.init.normal_(module.weight, std=0.05 if isinstance(module, nn.Embedding) else 0.03)
        for layer in self.model.layers:
            nn.init.normal_(layer.self_attn.o_proj.weight, std=0.03 / (2 * c.layers) ** 0.5)
            nn.init.normal_(layer.mlp.down_proj.weight, std=0.03 / (2 * c.layers) ** 0.5)
        nn.init.zeros_(self.keep_head.bias)
        angles = torch.arange(c.context)[:, None] * c.theta ** (-torch.arange(0, c.head_size, 2) / c.head_size)[None]
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def forward(self, tokens, features, padding):
        """tokens [B, T], features [B, T, F], padding [B, T] (true where there is no token) -> hidden states [B, T, hidden]."""
        x = self.model.embed_tokens(tokens)
        for index, embedding in enumerate(self.feature_embeddings.values()):
            x = x + embedding(features[..., index])
        x = self.drop(x)
        mask = None
        if padding.any():
            mask = torch.zeros(padding.shape, dtype=x.dtype).masked_fill(padding, float("-inf"))[:, None, None, :]
        if torch.is_autocast_enabled("cpu") and mask is not None:
            mask = mask.to(torch.get_autocast_dtype("cpu"))
        length = tokens.shape[1]
        for layer in self.model.layers:
            x = layer(x, mask, self.cosine[:length], self.sine[:length], self.drop)
        return self.model.norm(x)

    def keep_layers(self, places):
        """Leaves these layers alone, in this order."""
        self.model.layers = nn.ModuleList(self.model.layers[place] for place in places)
        self.config.layers = len(places)

    def guess(self, states):
        """Logits of masked tokens from their hidden states."""
        return functional.linear(states, self.model.embed_tokens.weight) + self.guess_bias
