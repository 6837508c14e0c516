"""Writes peer_inputs.jsonl: what peers measure themselves on, with what they say has to stay.

    .venv/bin/python gather_inputs.py --out FOLDER/peer_inputs.jsonl [--tokenjuice CHECKOUT] [--toon CHECKOUT]

headroom's inputs are in its package (its samples, its batch evaluation, the carriers of its adversarial grid); tokenjuice's and TOON's are in
their repositories. Rows: {id, peer, kind, text, expect: [string, ...], query?, command?, exit_code?}. Not to be committed: they are their authors'.
"""

import argparse
import json
import pathlib


def headroom_samples():
    from headroom.evals.datasets import load_tool_output_samples

    for case in load_tool_output_samples().cases:
        yield row("headroom", "tool samples", case.id, case.context, [case.ground_truth], query=case.query)


def headroom_batch():
    from headroom.evals.batch_compression_eval import get_all_test_cases

    for case in get_all_test_cases():
        *context, question = [message["content"] for message in case.request.messages]
        text = "\n".join(context) or question
        facts = [fact for fact in case.context_facts if fact in text]
        if facts:
            yield row("headroom", "batch evaluation", case.id, text, facts, query=question if context else None)


def headroom_grid():
    """The neutral sentence of the grid, at each place of each carrier: it should fare like any other line."""
    from headroom.evals import adversarial_grid as grid

    control = next(payload.text for payload in grid.PAYLOADS if payload.payload_class == "benign_control")
    for name, carrier in grid.synthetic_carriers().items():
        for position in grid.POSITIONS:
            text = grid.splice_payload(carrier, control, position)
            query = "Which deployment completed, and with how many retries?"
            yield row("headroom", "grid", f"{name}-{position}", text, [control], query=query)


def tokenjuice_fixtures(checkout):
    for path in sorted(pathlib.Path(checkout).glob("src/rules/fixtures/**/*.fixture.json")):
        fixture = json.loads(path.read_text())
        given, expect = fixture["input"], fixture.get("expect", {}).get("contains", [])
        text = given.get("combinedText") or given.get("stdout") or ""
        # Counts that a rule adds ("3 errors") are no part of the input.
        expect = [one for one in expect if one in text]
        if text and expect:
            command = given.get("command") or " ".join(given.get("argv", []))
            yield row("tokenjuice", "fixtures", fixture["id"], text, expect, command=command, exit_code=given.get("exitCode", 0))


def toon_repositories(checkout):
    """Its table of repositories, and a question of field retrieval about every tenth."""
    rows = json.loads((pathlib.Path(checkout) / "benchmarks/data/github-repos.json").read_text())
    text = json.dumps({"repositories": rows}, indent=2)
    for one in rows[::10]:
        query = f"How many stars does {one['repo']} have?"
        yield row("TOON", "field retrieval", f"stars-{one['id']}", text, [one["repo"], str(one["stars"])], query=query)


def row(peer, kind, name, text, expect, **more):
    told = {key: value for key, value in more.items() if value is not None}
    return {"id": f"{peer}-{name}", "peer": peer, "kind": f"{peer}, {kind}", "text": text, "expect": expect, **told}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--tokenjuice", help="checkout of its repository")
    arguments.add_argument("--toon", help="checkout of its repository")
    given = arguments.parse_args()
    rows = [*headroom_samples(), *headroom_batch(), *headroom_grid()]
    if given.tokenjuice:
        rows += tokenjuice_fixtures(given.tokenjuice)
    if given.toon:
        rows += toon_repositories(given.toon)
    out = pathlib.Path(given.out)
    partial = out.with_suffix(".partial")
    partial.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows))
    partial.replace(out)
    print(f"{len(rows)} inputs: {out}")


if __name__ == "__main__":
    main()
