/** Streamed answers in the wire formats of the providers, written from their documents: a text, then one tool call. */
/* biome-ignore-all lint/suspicious/noExplicitAny: the shapes are those of four wire formats */

function event(data: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

export interface StreamedAnswer {
  readonly text: string;
  /** The JSON of the tool call's arguments. */
  readonly call: string;
}

export interface ProviderStream {
  /** The events of an answer that comes in these pieces. */
  write(text: readonly string[], call: readonly string[]): string[];
  /** What a reader of events understands. */
  read(stream: string): StreamedAnswer;
}

function readData(stream: string): Record<string, any>[] {
  return stream
    .split("\n\n")
    .map((one) =>
      one
        .split("\n")
        .find((line) => line.startsWith("data: "))
        ?.slice(6),
    )
    .filter((data) => data?.startsWith("{"))
    .map((data) => JSON.parse(data!));
}

const anthropic: ProviderStream = {
  write: (text, call) =>
    [
      {
        type: "message_start",
        message: { id: "msg_1", role: "assistant", content: [], usage: { input_tokens: 9, output_tokens: 1 } },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "ping" },
      ...text.map((piece) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: piece } })),
      { type: "content_block_stop", index: 0 },
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "tool_use", id: "toolu_1", name: "edit", input: {} },
      },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "" } },
      ...call.map((piece) => ({
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: piece },
      })),
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 20 } },
      { type: "message_stop" },
    ].map((data) => event(data, data.type)),
  read(stream) {
    const deltas = readData(stream).filter(({ type }) => type === "content_block_delta");
    const join = (key: string) => deltas.map(({ delta }) => delta[key] ?? "").join("");
    return { text: join("text"), call: join("partial_json") };
  },
};

const chat: ProviderStream = {
  write(text, call) {
    const chunk = (delta: object, finish: string | null = null) => ({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    const start = { index: 0, id: "call_1", type: "function", function: { name: "edit", arguments: "" } };
    return [
      chunk({ role: "assistant", content: "" }),
      ...text.map((content) => chunk({ content })),
      chunk({ tool_calls: [start] }),
      ...call.map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
      chunk({}, "tool_calls"),
      "[DONE]",
    ].map((data) => event(data));
  },
  read(stream) {
    const deltas = readData(stream).flatMap(({ choices }) => choices.map((choice: any) => choice.delta));
    const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
    if (calls.filter(({ function: { name } }) => name).length !== 1) throw new Error("a call that is named twice");
    return {
      text: deltas.map(({ content }) => content ?? "").join(""),
      call: calls.map((one: any) => one.function.arguments).join(""),
    };
  },
};

const responses: ProviderStream = {
  write(text, call) {
    const whole = text.join("");
    const wholeCall = call.join("");
    const message = { type: "message", id: "msg_1", content: [{ type: "output_text", text: whole, annotations: [] }] };
    const item = { type: "function_call", id: "fc_1", call_id: "call_1", name: "edit", arguments: wholeCall };
    return [
      { type: "response.created", response: { id: "resp_1", output: [] } },
      { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } },
      {
        type: "response.content_part.added",
        output_index: 0,
        content_index: 0,
        part: { type: "output_text", text: "" },
      },
      ...text.map((delta) => ({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta,
      })),
      { type: "response.output_text.done", item_id: "msg_1", output_index: 0, content_index: 0, text: whole },
      { type: "response.content_part.done", output_index: 0, content_index: 0, part: message.content[0] },
      { type: "response.output_item.done", output_index: 0, item: message },
      { type: "response.output_item.added", output_index: 1, item: { ...item, arguments: "" } },
      ...call.map((delta) => ({
        type: "response.function_call_arguments.delta",
        item_id: "fc_1",
        output_index: 1,
        delta,
      })),
      { type: "response.function_call_arguments.done", item_id: "fc_1", output_index: 1, arguments: wholeCall },
      { type: "response.output_item.done", output_index: 1, item },
      { type: "response.completed", response: { id: "resp_1", output: [message, item] } },
    ].map((data, sequence_number) => event({ ...data, sequence_number }, data.type));
  },
  read(stream) {
    const events = readData(stream);
    const numbers = events.map(({ sequence_number }) => sequence_number);
    if (numbers.some((number, at) => at > 0 && number <= numbers[at - 1])) throw new Error(`numbers: ${numbers}`);
    const deltas = (type: string) =>
      events
        .filter((one) => one.type === type)
        .map(({ delta }) => delta)
        .join("");
    const text = deltas("response.output_text.delta");
    const call = deltas("response.function_call_arguments.delta");
    // Each of them is said four times.
    const { output } = events.at(-1)!.response;
    const said = [
      [text, events.find(({ type }) => type === "response.output_text.done")!.text, output[0].content[0].text],
      [text, events.find(({ type }) => type === "response.content_part.done")!.part.text],
      [
        call,
        events.find(({ type }) => type === "response.function_call_arguments.done")!.arguments,
        output[1].arguments,
      ],
    ];
    for (const same of said) if (new Set(same).size !== 1) throw new Error(`not the same: ${same}`);
    return { text, call };
  },
};

const gemini: ProviderStream = {
  write(text, call) {
    const chunk = (part: object, last: object = {}) => ({
      candidates: [{ content: { role: "model", parts: [part] }, index: 0, ...last }],
    });
    const args = JSON.parse(call.join(""));
    return [
      chunk({ text: "a thought of §1 @01", thought: true }),
      ...text.map((piece) => chunk({ text: piece })),
      chunk({ functionCall: { name: "edit", args } }, { finishReason: "STOP" }),
    ].map((data) => event(data));
  },
  read(stream) {
    const parts = readData(stream).flatMap(({ candidates }) => candidates[0].content.parts);
    if (parts[0].text !== "a thought of §1 @01") throw new Error("a thought was altered");
    return {
      text: parts.map((part: any) => (part.thought ? "" : (part.text ?? ""))).join(""),
      call: JSON.stringify(parts.find((part: any) => part.functionCall).functionCall.args),
    };
  },
};

export const providerStreams: Readonly<Record<string, ProviderStream>> = { anthropic, chat, responses, gemini };
