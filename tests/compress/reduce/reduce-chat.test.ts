import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { reduceChat } from "../../../src/compress/reduce/reduce-chat.js";
import { hostileTexts } from "./hostile-texts.js";
import { expectAccounted, expectLaws, expectStable, reduceText, writeAll, writeSome } from "./reducer-laws.js";

// A shared machine may be slow: only a stall is a failure.
vi.setConfig({ testTimeout: 60_000 });

const conversation = `### system
You help the customers of a bookshop with their orders.

### user
Where are the books that were ordered on behalf of my sister?

### assistant
Let me look that up for you right away.

[tool_call] find_order {"customer": "sister", "open": true}

### tool (find_order)
{"order": "blue", "state": "packed", "items": ["atlas", "novel"]}

### assistant
The parcel was packed and leaves the shop in the evening.

### user
Then please add a postcard to that parcel as well.
`;

const transcript = `User: Book me a table, please.
System: For how many people?
User: For the whole family.
System: A table is waiting for you.
`;

async function keepTexts(source: string, ...texts: string[]) {
  const reduction = await reduceText(reduceChat, source, { kind: "chat" });
  return writeSome(reduction, (index) => {
    const { start, end } = reduction.units[index]!;
    return texts.some((text) => source.slice(start, end).includes(text));
  }).text;
}

const lines = fc.constantFrom(
  ...[
    "### user",
    "### assistant",
    "User: hello there",
    "Assistant:",
    "**Human:** hi",
    "[tool]",
    "<|im_start|>system",
    "Ann Lee: yes.",
  ],
  ...[
    '[tool_call] look {"a": 1}',
    '{"a": [1, 2]}',
    "plain words here.",
    "- item",
    "```",
    "code();",
    "",
    "",
    "### tool (look)",
  ],
);
const chat = fc.array(lines, { maxLength: 30 }).map((given) => given.join("\n"));

describe("reduceChat", () => {
  it("covers any text, and leaves what it wrote as it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(chat, fc.string({ unit: "binary", maxLength: 60 })), async (source) => {
        const reduction = await reduceText(reduceChat, source);
        expectLaws(source, { start: 0, end: source.length }, reduction);
        await expectStable(reduceChat, writeAll(reduction));
      }),
    );
  });

  it("accounts for everything that it drops, in hostile texts too", async () => {
    for (const source of [...hostileTexts, ...fc.sample(chat, { numRuns: 50, seed: 7 })]) {
      const reduction = await reduceText(reduceChat, source);
      expectLaws(source, { start: 0, end: source.length }, reduction);
      const { kept, omitted } = writeSome(reduction, (index) => index % 3 === 0);
      expectAccounted(reduction, kept, omitted);
    }
  });

  it("says who speaks with whatever it keeps of a message", async () => {
    const text = await keepTexts(conversation, "sister?", "evening");
    expect(text).toBe(
      "### user\nsister?\n\n[…1 line]\n### tool (find_order)\n[…1 item]\n\n### assistant\nevening.\n\n",
    );
    expect(await keepTexts(transcript, "family", "waiting")).toBe("User: family.\nSystem: waiting.\n");
  });

  it("keeps a tool's call whole, and longer than what was said and answered", async () => {
    const call = '[tool_call] find_order {"customer": "sister", "open": true}';
    expect(await keepTexts(conversation, "[tool_call]")).toContain(`### assistant\n${call}\n`);
    const { units } = await reduceText(reduceChat, conversation);
    const rankOf = (text: string) =>
      units.find(({ start, end }) => conversation.slice(start, end).includes(text))!.priority;
    expect(rankOf("[tool_call]")).toBeGreaterThan(rankOf("parcel"));
    expect(rankOf("parcel")).toBeGreaterThan(rankOf('"atlas"'));
  });

  it("ranks the user's first message and the newest ones above those between", async () => {
    const { units } = await reduceText(reduceChat, conversation);
    const rankOf = (text: string) =>
      units.find(({ start, end }) => conversation.slice(start, end).trimEnd() === text)!.priority;
    expect(rankOf("books")).toBeGreaterThan(rankOf("right"));
    expect(rankOf("postcard")).toBeGreaterThan(rankOf("right"));
    expect(rankOf("leaves")).toBeGreaterThan(rankOf("right"));
  });

  it("takes names before a colon for speakers only in a transcript", async () => {
    const letter =
      "Dear all,\nNote: the shop is closed.\nIt opens again on the day after the feast.\nMany thanks to all of you.\n";
    const { units } = await reduceText(reduceChat, letter);
    expect(units.every(({ parent }) => parent === -1)).toBe(true);
    const meeting = "Ann Lee: It is late.\nBob: So it is.\nAnn Lee: Let us go home.\n";
    const { units: said } = await reduceText(reduceChat, meeting);
    expect(said.filter(({ parent }) => parent === -1).map(({ start, end }) => meeting.slice(start, end))).toEqual([
      "Ann Lee: ",
      "Bob: ",
      "Ann Lee: ",
    ]);
  });

  it("keeps the head of a message that is a segment of its own, and one that names a tool", async () => {
    const unnamed = conversation.replace("### tool (find_order)", "### tool");
    const isFloor = async (source: string, from = source) => {
      const end = from.indexOf('{"order"');
      const { units } = await reduceText(reduceChat, source, { kind: "chat", end });
      return units.at(-1)!.floor;
    };
    expect(await isFloor(unnamed)).toBe(true);
    expect(await isFloor(unnamed.slice(0, unnamed.indexOf('{"order"')), unnamed)).toBe(false);
    expect(await isFloor(conversation.slice(0, conversation.indexOf('{"order"')), conversation)).toBe(true);
  });

  it("ranks the newest messages above others where somebody is to be answered, and no turn among people", async () => {
    const prioritiesOf = async (source: string) => {
      const { units } = await reduceText(reduceChat, source, { kind: "chat" });
      return new Set(units.filter(({ priority }) => priority >= 0).map(({ priority }) => priority));
    };
    const meeting =
      "User Interface: Hello there.\nAda: We begin now.\nBob: The plan is ready.\nAda: Then read it.\nBob: Gladly so.\n";
    expect([...(await prioritiesOf(meeting))]).toEqual([0]);
    expect(
      (
        await prioritiesOf(
          meeting.replace(" Interface", "").replaceAll("Ada:", "User:").replaceAll("Bob:", "Assistant:"),
        )
      ).size,
    ).toBe(2);
  });
});
