import { z } from "zod";

/** The rows of the data folder's files, as far as they are read. Fields that are not named here are passed over. */

export const pairRow = z.object({ id: z.string(), domain: z.string(), verbose: z.string(), compressed: z.string() });

export const questionRow = z.object({
  id: z.string(),
  title: z.string(),
  context: z.string(),
  /** `start` counts code points of the context. */
  answers: z.array(z.object({ text: z.string(), start: z.number().int().min(0) })),
});

export const meetingRow = z.object({ id: z.string(), context: z.string(), answer: z.string() });

export const toolOutputRow = z.object({
  id: z.string(),
  kind: z.string(),
  command: z.string(),
  exit_code: z.number().nullish(),
  text: z.string(),
});

export const problemRow = z.object({
  id: z.string(),
  source: z.string(),
  prompt: z.string(),
  solution: z.string(),
  entry_point: z.string(),
});

export const codeRow = z.object({ id: z.string(), text: z.string() });

export const proseRow = z.object({ id: z.string(), kind: z.string(), lang: z.string(), text: z.string() });

export const denseRow = z.object({ id: z.string(), kind: z.string(), text: z.string() });

export const peerInputRow = z.object({
  id: z.string(),
  kind: z.string(),
  text: z.string(),
  expect: z.array(z.string()),
  query: z.string().optional(),
  command: z.string().optional(),
  exit_code: z.number().optional(),
});
