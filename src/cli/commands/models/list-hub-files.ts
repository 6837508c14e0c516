import { z } from "zod";
import { BrevisError } from "../../../errors.js";
import type { FileChecksum } from "./checksum.js";
import type { HubSettings } from "./hub-settings.js";
import { openHubResponse } from "./open-hub-response.js";
import { retryTransient, TransientError } from "./retry-transient.js";

/** A file of a model on the Hub. */
export interface HubFile {
  readonly name: string;
  readonly bytes: number;
  readonly checksum: FileChecksum;
}

/** A model on the Hub at one commit. */
export interface HubModel {
  readonly name: string;
  readonly commit: string;
  /** Those in the model's own folder: files in folders below it are no part of what brevis reads. */
  readonly files: readonly HubFile[];
}

const hash = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));
// https://huggingface.co/docs/hub/api: GET /api/models/{id}/revision/{revision}?blobs=true
const answer = z.looseObject({
  sha: hash(40),
  siblings: z.array(
    z.looseObject({
      rfilename: z.string(),
      size: z.int().nonnegative(),
      blobId: hash(40),
      lfs: z.looseObject({ sha256: hash(64), size: z.int().nonnegative() }).nullish(),
    }),
  ),
});

/** A file's name that can stand in a folder of ours: no path, nothing hidden. */
const plainName = /^[A-Za-z0-9][\w.+-]*$/;
const longestAnswer = 32 << 20;

/**
 * Asks the Hub for a model's commit and files, with sizes and checksums.
 *
 * @throws {BrevisError} `model-missing`, `remote-failed`, `aborted`
 */
export async function listHubFiles(
  settings: HubSettings,
  model: string,
  revision: string,
  signal: AbortSignal,
): Promise<HubModel> {
  const path = `/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const text = await retryTransient(
    async () => {
      const { body } = await openHubResponse(settings, { path, model, signal }).catch(failAtOnce);
      return readText(body, settings);
    },
    settings.wait,
    signal,
  );
  const { success, data, error } = answer.safeParse(parseJson(text));
  if (!success) throw strangeAnswer(settings, z.prettifyError(error));
  const files = data.siblings
    .filter(({ rfilename }) => plainName.test(rfilename))
    .map(({ rfilename, size, blobId, lfs }): HubFile => {
      if (lfs) return { name: rfilename, bytes: lfs.size, checksum: { algorithm: "sha256", value: lfs.sha256 } };
      return { name: rfilename, bytes: size, checksum: { algorithm: "git-blob", value: blobId } };
    });
  return { name: model, commit: data.sha, files };
}

/** A network that is not there at the first request is said at once; one that goes away during a download may come back. */
function failAtOnce(error: unknown): never {
  throw error instanceof TransientError && error.unreachable ? error.final : error;
}

async function readText(body: AsyncIterable<Uint8Array>, settings: HubSettings): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longestAnswer) throw strangeAnswer(settings, "it is longer than 32 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strangeAnswer({ endpoint }: HubSettings, found: string): BrevisError {
  const message = `Expected the Hub's description of a model from ${endpoint} but ${found}`;
  return new BrevisError("remote-failed", message, { hint: "Check that HF_ENDPOINT is the Hub or a mirror of it." });
}
