import { z } from "zod";
import type { CompressMessagesOptions } from "../../compress/messages/message-options.js";
import { BrevisError } from "../../errors.js";
import type { CompressJob } from "../work/job.js";
import { optionFields, readOptions } from "./compress-fields.js";
import { parseBody } from "./parse-body.js";

const document = z.union([z.string(), z.strictObject({ text: z.string(), ...optionFields })]);

/** The body of POST /api/compress: one of `text`, `documents` and `messages`, and options of `compress`. */
export const compressBodySchema = z.strictObject({
  text: z.string().nullish().meta({ description: "One text; the answer has `result`." }),
  documents: z.array(document).min(1).nullish().meta({
    description: "Up to 50 texts, each a string or an object with options of its own; the answer has `results`.",
  }),
  messages: z
    .array(z.unknown())
    .nullish()
    .meta({ description: "A conversation in the shape of Anthropic, OpenAI or Gemini; the answer has `result`." }),
  roles: z
    .array(z.enum(["user", "assistant", "tool"]))
    .nullish()
    .meta({ description: "With messages: whose texts." }),
  minTokens: z.number().nonnegative().nullish().meta({ description: "With messages: shorter texts are left alone." }),
  adaptive: z.boolean().nullish().meta({
    description: "Whether density and feedback move the rate; the result says how, in `adaptive`. Not with messages.",
  }),
  ...optionFields,
});

/** What a body asks for. */
export interface CompressTask {
  readonly shape: "text" | "documents" | "messages";
  readonly jobs: readonly CompressJob[];
  readonly isAdaptive: boolean;
}

/** @throws {BrevisError} `invalid-input` and `invalid-option`, naming the field */
export function readCompressBody(body: unknown, mostDocuments: number): CompressTask {
  const { text, documents, messages, roles, minTokens, adaptive, ...fields } = parseBody(compressBodySchema, body);
  const given = Object.entries({ text, documents, messages }).filter(([, value]) => value != null);
  if (given.length !== 1) {
    const received = given.length === 0 ? "none" : given.map(([name]) => name).join(" and ");
    throw new BrevisError("invalid-input", `Expected one of text, documents and messages but received ${received}.`);
  }
  if (messages == null && (roles != null || minTokens != null)) {
    throw new BrevisError("invalid-option", "Expected roles and minTokens with messages only.");
  }
  if (messages != null && adaptive === true) {
    throw new BrevisError("invalid-option", "Expected adaptive with text or documents, but received messages.", {
      hint: "A message keeps its bytes, whatever is learned after it.",
    });
  }
  const isAdaptive = adaptive === true;
  const options = readOptions(fields);
  if (text != null) return { shape: "text", jobs: [{ text, options }], isAdaptive };
  if (messages != null) {
    const ofMessages: CompressMessagesOptions = {
      ...options,
      ...(roles && { roles }),
      ...(minTokens != null && { minTokens }),
    };
    return { shape: "messages", jobs: [{ messages, options: ofMessages }], isAdaptive };
  }
  if (documents!.length > mostDocuments) {
    throw new BrevisError(
      "invalid-input",
      `Expected ${mostDocuments} documents at most but received ${documents!.length}.`,
      {
        hint: "Send them in several requests.",
      },
    );
  }
  const jobs = documents!.map((given): CompressJob => {
    if (typeof given === "string") return { text: given, options };
    const { text: own, ...ownFields } = given;
    return { text: own, options: withDefaults(options, readOptions(ownFields)) };
  });
  return { shape: "documents", jobs, isAdaptive };
}

/** A document's rate, budget or level replaces whichever of the three the body has. */
function withDefaults<Options extends object>(defaults: Options, own: Options): Options {
  const goals = ["rate", "budget", "level"];
  if (!goals.some((goal) => goal in own)) return { ...defaults, ...own };
  const rest = Object.fromEntries(Object.entries(defaults).filter(([name]) => !goals.includes(name)));
  return { ...rest, ...own } as Options;
}
