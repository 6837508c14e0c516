"""The data files as records `{id, source, kind, document, text, ...}`, with labels. MANIFEST.md beside the files says what they are."""

import json
from collections.abc import Iterator
from pathlib import Path

import regex

from . import label_lines
from .align_words import align_words
from .split_words import split_words

Record = dict


def read_rows(path: Path) -> Iterator[dict]:
    if not path.exists():
        return
    with path.open(encoding="utf8") as lines:
        yield from (json.loads(line) for line in lines)


# The file's own `domain` is a guess by the form of lines, which takes one class or function in seven for prose.
CODE = regex.compile(r"\s*(?:@\w|(?:async )?def \w+\(|class \w+[(:]|import \w|from \w[\w.]* import)")


def read_pairs(folder: Path) -> Iterator[Record]:
    """What writers kept: word labels; of code also the share kept of each line."""
    for file in ("compression_pairs.jsonl", "compression_pairs_synthetic_agent.jsonl"):
        synthetic = "synthetic" in file
        for row in read_rows(folder / file):
            kind = "tool" if synthetic else "code" if CODE.match(row["verbose"]) else row["domain"]
            record = open_record(row["id"], "synthetic" if synthetic else "pairs", kind, row["id"], row["verbose"])
            record["domain"] = row["domain"]
            if len(record["words"]) < 3:
                continue
            words = [row["verbose"][start:end].lower() for start, end in record["words"]]
            labels, aligned = align_words(words, row["compressed"], row["verbose"])
            record["keep"] = labels.tolist()
            record["compressed"] = row["compressed"]
            record["aligned"] = round(aligned, 3)
            if kind == "code":
                spans = label_lines.spans_of_lines(row["verbose"])
                record["lines"] = label_lines.label_by_kept_words(row["verbose"], spans, record["words"], record["keep"])
            yield record


def read_questions(folder: Path) -> Iterator[Record]:
    """Paragraphs with questions: `answer` marks the words of every answer, `questions` the words of each answer by itself."""
    contexts: dict[str, Record] = {}
    for row in read_rows(folder / "qa_extractive.jsonl"):
        record = contexts.get(row["context"])
        if record is None:
            title = f"wikipedia:{row['title'].replace('_', ' ').lower()}"
            record = open_record(row["id"], "qa", "nl", title, row["context"])
            contexts[row["context"]] = record | {"answer": [0] * len(record["words"]), "questions": []}
            record = contexts[row["context"]]
        places = []
        for answer in row["answers"]:
            start, end = answer["start"], answer["start"] + len(answer["text"])
            place = [at for at, (first, last) in enumerate(record["words"]) if first < end and last > start]
            if place and place not in places:
                places.append(place)
        if places:
            record["questions"].append({"question": row["question"], "places": places})
            for at in {at for place in places for at in place}:
                record["answer"][at] = 1
    yield from (record for record in contexts.values() if record["questions"])


def read_meetings(folder: Path) -> Iterator[Record]:
    """Stretches of meetings with a question and its answer: line labels say which turns the answer draws on."""
    for row in read_rows(folder / "meeting_qa.jsonl"):
        record = open_record(row["id"], "meetings", "nl", "-".join(row["id"].split("-")[:3]), row["context"])
        spans = label_lines.spans_of_lines(row["context"])
        record["lines"] = label_lines.label_by_answer(row["context"], spans, row["answer"])
        record["question"] = row["question"]
        record["chat"] = True
        yield record


def read_tool_outputs(folder: Path) -> Iterator[Record]:
    for row in read_rows(folder / "tool_outputs.jsonl"):
        record = open_record(row["id"], "tool_outputs", "tool", row["id"], row["text"])
        record["content"] = row["kind"]
        record["lines"] = label_lines.label_by_novelty(row["text"], label_lines.spans_of_lines(row["text"]))
        yield record


SECTION = regex.compile(r"^### .*$", regex.M)


def read_agent_histories(folder: Path) -> Iterator[Record]:
    """What an agent's tools gave it, each with labels by what the agent went on to use."""
    for row in read_rows(folder / "prose_agent_multilingual.jsonl"):
        if row["kind"] != "agent_history":
            continue
        heads = [match.span() for match in SECTION.finditer(row["text"])] + [(len(row["text"]),) * 2]
        for index, ((start, head_end), (end, _)) in enumerate(zip(heads, heads[1:])):
            head = row["text"][start:head_end].lower()
            text = row["text"][head_end:end].strip("\n")
            if not any(word in head for word in ("tool", "observation", "environment", "output")) or len(text) < 200:
                continue
            later = "\n".join(
                row["text"][there_end:after]
                for (there, there_end), (after, _) in zip(heads[index + 1 :], heads[index + 2 :])
                if any(role in row["text"][there:there_end].lower() for role in ("assistant", "thought", "action"))
            )
            spans = label_lines.spans_of_lines(text)
            if len(spans) < 4 or not later:
                continue
            record = open_record(f"{row['id']}-{index}", "agent_history", "tool", row["id"], text)
            record["lines"] = label_lines.label_by_later_reference(text, spans, later)
            yield record


def read_code(folder: Path) -> Iterator[Record]:
    """Programming problems (the line with the entry point is what a later question needs) and source files (novelty)."""
    for row in read_rows(folder / "code_problems.jsonl"):
        text = (row["prompt"] + row["solution"]).strip("\n") if row["source"] == "humaneval" else row["solution"].strip("\n")
        record = open_record(row["id"], "code_problems", "code", row["id"], text)
        record["lines"] = [
            (start, end, float(f"def {row['entry_point']}" in text[start:end]), 0)
            for start, end in label_lines.spans_of_lines(text)
        ]
        yield record
    for row in read_rows(folder / "code_files.jsonl"):
        record = open_record(row["id"], "code_files", "code", row["id"], row["text"])
        yield record


def read_prose(folder: Path) -> Iterator[Record]:
    """Text without labels, for counts of words and for masked pretraining."""
    for row in read_rows(folder / "prose_agent_multilingual.jsonl"):
        record = open_record(row["id"], "prose", "nl", row["id"], row["text"])
        record["content"] = row["kind"]
        record["language"] = row["lang"]
        yield record


def read_dense(folder: Path) -> Iterator[Record]:
    for row in read_rows(folder / "dense.jsonl"):
        record = open_record(row["id"], "dense", "tool", row["id"], row["text"])
        record["content"] = row["kind"]
        yield record


def open_record(identity: str, source: str, kind: str, document: str, text: str) -> Record:
    return {"id": identity, "source": source, "kind": kind, "document": document, "text": text, "words": split_words(text)}


READERS = (read_pairs, read_questions, read_meetings, read_tool_outputs, read_agent_histories, read_code, read_prose, read_dense)
"""Every file but logs_loghub.jsonl, whose licence is for research: it evaluates, and trains nothing."""
