"""The teacher of the keep encoder: a public pretrained sentence encoder (MiniLM, 22 M parameters, Apache-2.0) that reads a text's own
pieces, with the features of encode-texts.js beside them. It is trained on the same labels and never ships: what it says of
unlabelled text is what the small encoder learns from."""

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

KINDS = ("nl", "prose", "code", "tool", "log")
OUTPUTS = ("keep", "answer")
WINDOW = 254
"""Pieces of a window beside the two that enclose it."""
OVERLAP = 40


class Teacher(nn.Module):
    def __init__(self, folder, features, dropout=0.1):
        super().__init__()
        config = BertConfig.from_json_file(str(folder / "config.json"))
        config.hidden_dropout_prob = dropout
        # Without dropout in it, attention runs fused: twice as fast.
        config.attention_probs_dropout_prob = 0.0
        self.bert = BertModel(config, add_pooling_layer=False)
        size = config.hidden_size
        self.told = nn.ModuleList(nn.Embedding(feature["size"], size) for feature in features)
        self.again = nn.ModuleList(nn.Embedding(feature["size"], size) for feature in features)
        self.rates, self.kinds = nn.Embedding(11, size), nn.Embedding(len(KINDS), size)
        for embedding in (*self.told, self.rates, self.kinds):
            nn.init.normal_(embedding.weight, std=0.005)
        for embedding in self.again:
            nn.init.normal_(embedding.weight, std=0.1)
        self.mix, self.norm = nn.Linear(size, size), nn.LayerNorm(size)
        self.drop, self.head = nn.Dropout(dropout), nn.Linear(size, len(OUTPUTS))

    def forward(self, batch):
        """Logits of the words of a batch, `[words, OUTPUTS]`."""
        ids, features, padding, groups, count, rates, kinds = batch
        opening = (self.rates(rates) + self.kinds(kinds))[:, None]
        x = self.bert.embeddings.word_embeddings(ids) + opening
        beside = 0
        for index, (told, again) in enumerate(zip(self.told, self.again)):
            x = x + told(features[..., index])
            beside = beside + again(features[..., index])
        states = self.bert(inputs_embeds=x, attention_mask=(~padding).long()).last_hidden_state.float()
        states = self.mix(states) + beside + opening
        flat, chosen = groups.reshape(-1), groups.reshape(-1) >= 0
        sums = torch.zeros(count, states.shape[-1]).index_add(0, flat[chosen], states.reshape(-1, states.shape[-1])[chosen])
        sizes = torch.zeros(count).index_add(0, flat[chosen], torch.ones(int(chosen.sum())))
        return self.head(self.drop(nn.functional.gelu(self.norm(sums / sizes.clamp(min=1)[:, None]))))


def load_pretrained(folder, features, dropout):
    from safetensors.torch import load_file

    model = Teacher(folder, features, dropout)
    state = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    state = {name: value for name, value in state.items() if not name.startswith("pooler.") and "position_ids" not in name}
    missing, unexpected = model.bert.load_state_dict(state, strict=False)
    if unexpected or any("position_ids" not in name for name in missing):
        raise ValueError(f"{folder}: missing {missing}, unexpected {unexpected}")
    return model


class Pieces:
    """Texts cut into the teacher's pieces: `ids`, `words` (the word that a piece belongs to or follows) and `inside` (whether it is of a word)."""

    def __init__(self, folder, jsonl, encoded, places=None):
        """`places`: the texts that are read; the others stay empty."""
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.opening, self.closing, self.mask = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "[MASK]"))
        self.ids, self.words, self.inside, self.encoded = [], [], [], encoded
        # The features of a word are those of its first token, less the last one, which tells pieces apart.
        self.features = [ofs[np.unique(words, return_index=True)[1], :-1] if len(words) else ofs[:0, :-1] for ofs, words in zip(encoded.features, encoded.words)]
        for at, line in enumerate(Path(jsonl).open()):
            if places is not None and at not in places:
                line = '{"text": ""}'
            found = tokenizer.encode(json.loads(line)["text"], add_special_tokens=False)
            starts, spans = np.array([start for start, _ in found.offsets], np.int64), encoded.spans[at]
            place = np.searchsorted(spans[:, 0], starts, side="right") - 1
            inside = (place >= 0) & (starts < spans[np.maximum(place, 0), 1]) if len(spans) else np.zeros(len(starts), bool)
            # Of a long word, a hash say, a few pieces are enough.
            order = np.arange(len(place)) - np.maximum.accumulate(np.where(np.diff(place, prepend=-2) != 0, np.arange(len(place)), 0))
            stays = ~inside | (order < 12)
            self.ids.append(np.array(found.ids, np.int32)[stays])
            self.words.append(np.maximum(place, 0)[stays].astype(np.int32))
            self.inside.append(inside[stays])

    def row(self, at, start, end):
        words = self.words[at][start:end]
        ids = np.concatenate([[self.opening], self.ids[at][start:end], [self.closing]])
        features = np.where(self.inside[at][start:end, None], self.features[at][words], 0) if len(self.features[at]) else np.zeros((end - start, self.features[at].shape[1]), np.uint8)
        blank = np.zeros((1, features.shape[1]), features.dtype)
        return ids, np.concatenate([blank, features, blank]), np.concatenate([[-1], np.where(self.inside[at][start:end], words, -1), [-1]])


def collate(rows):
    """[(ids, features, words, rate, kind, first word, words in all)] -> what Teacher reads; words are numbered through the batch."""
    length, width = max(len(row[0]) for row in rows), rows[0][1].shape[1]
    ids, features = torch.zeros(len(rows), length, dtype=torch.long), torch.zeros(len(rows), length, width, dtype=torch.long)
    padding, groups, offset = torch.ones(len(rows), length, dtype=torch.bool), torch.full((len(rows), length), -1), 0
    for at, (own, ofs, words, _, _, first, count) in enumerate(rows):
        ids[at, : len(own)] = torch.from_numpy(own.astype(np.int64))
        features[at, : len(own)] = torch.from_numpy(ofs.astype(np.int64))
        padding[at, : len(own)] = False
        groups[at, : len(own)] = torch.from_numpy(np.where(words >= 0, words - first + offset, -1).astype(np.int64))
        offset += count
    rates = torch.tensor([0 if row[3] is None else min(9, max(1, round(row[3] * 10))) for row in rows])
    return ids, features, padding, groups, offset, rates, torch.tensor([KINDS.index(row[4]) for row in rows])


def plan_windows(words):
    """(start, end, first scored, end of scored), as predict.py plans the encoder's."""
    count = len(words)
    if count <= WINDOW:
        return [(0, count, 0, count)]
    cut = lambda at: at if at >= count else next((p for p in range(at, at - 60, -1) if p <= 0 or words[p] != words[p - 1]), at)
    windows, start, scored = [], 0, 0
    while scored < count:
        end = min(count, cut(start + WINDOW))
        last = count if end >= count else cut(end - OVERLAP)
        windows.append((start, end, scored, last))
        scored, start = last, cut(max(0, last - OVERLAP))
    return windows


@torch.no_grad()
def predict(model, pieces, wanted, rows_a_step=24):
    """For each (text, rate) of `wanted` the logits of its words, `[words, OUTPUTS]`; words without a piece are NaN."""
    results = [np.full((len(pieces.encoded.spans[at]), len(OUTPUTS)), np.nan, np.float32) for at, _ in wanted]
    tasks = [(index, *window) for index, (at, _) in enumerate(wanted) if len(pieces.ids[at]) for window in plan_windows(pieces.words[at])]
    tasks.sort(key=lambda task: task[2] - task[1])
    for group in range(0, len(tasks), rows_a_step):
        chosen, rows = tasks[group : group + rows_a_step], []
        for index, start, end, _, _ in chosen:
            at, rate = wanted[index]
            words = pieces.words[at]
            rows.append((*pieces.row(at, start, end), rate, pieces.encoded.texts[at]["kind"], words[start], words[end - 1] - words[start] + 1))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(collate(rows)).float().numpy()
        offset = 0
        for (index, start, end, first, last), row in zip(chosen, rows):
            words, inside = pieces.words[wanted[index][0]], pieces.inside[wanted[index][0]]
            own = np.unique(words[first:last][inside[first:last]])
            results[index][own] = logits[own - row[5] + offset]
            offset += row[6]
    return results
