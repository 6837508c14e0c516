"""Compresses texts with a peer: one JSON record a line in, one a line out, in order.

    python serve_peer.py headroom < records      {"text", "command"?, "query"?} -> {"text"} or {"error"}

headroom runs without Kompress: that model is a download, and the benchmark reaches no network. What its rules do is measured.
"""

import contextlib
import json
import sys


def open_headroom():
    from headroom import compress

    def shorten(record):
        call = {"name": "bash", "arguments": json.dumps({"command": record.get("command") or "cat output"})}
        messages = [
            {"role": "user", "content": record.get("query") or "What does it say?"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": call}]},
            {"role": "tool", "tool_call_id": "call_1", "content": record["text"]},
        ]
        # A tool's output that is no longer among the recent messages, which is what headroom compresses.
        shortened = compress(messages, model="claude-sonnet-4-5-20250929", protect_recent=0, min_tokens_to_compress=50)
        return shortened.messages[2]["content"]

    return shorten


def open_claw_compactor():
    from claw_compactor.fusion.engine import FusionEngine

    engine = FusionEngine()
    return lambda record: engine.compress(record["text"])["compressed"]


peers = {"headroom": open_headroom, "claw-compactor": open_claw_compactor}


def main():
    # What a peer prints must not stand among the answers.
    with contextlib.redirect_stdout(sys.stderr):
        shorten = peers[sys.argv[1]]()
    answer({"ready": True})
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            try:
                made = {"text": shorten(json.loads(line))}
            except Exception as fault:  # The text at hand is lost, not the peer.
                made = {"error": f"{type(fault).__name__}: {fault}"}
        answer(made)


def answer(record):
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
