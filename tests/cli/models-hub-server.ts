import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a request for a file meets instead of the file; each is used once, in turn. */
export type Fault =
  /** Refused by the Hub itself. */
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** The connection breaks after so many bytes. */
  | { readonly breakAfter: number }
  /** The connection stays open after so many bytes, and nothing more comes. */
  | { readonly stallAfter: number }
  /** The response is complete, and shorter or longer than the file. */
  | { readonly resizeBy: number }
  | { readonly corrupt: true }
  /** Another checksum than the list's. */
  | { readonly etag: string }
  | { readonly ignoreRange: true }
  | { readonly redirectTo: string };

export interface RecordedRequest {
  readonly host: "hub" | "cdn";
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A repository of the Hub: files by name; those of 1,000 bytes and more are kept by LFS. */
export interface Repository {
  commit: string;
  files: Map<string, Buffer>;
}

/**
 * A Hub of our own, with the wire formats of the real one: `/api/models/{id}/revision/{revision}?blobs=true`, small files by a relative redirect to
 * its cache, large ones by a redirect to another host, which takes ranges and, as S3 does, refuses requests with an Authorization header.
 */
export class HubServer {
  readonly requests: RecordedRequest[] = [];
  readonly repositories = new Map<string, Repository>();
  /** Faults by file name; `list` is the list of files. */
  readonly faults = new Map<string, Fault[]>();
  /** A token that every request to the Hub itself has to bring. */
  token: string | undefined;
  readonly #hub: Server;
  readonly #cdn: Server;

  private constructor() {
    this.#hub = createServer((request, response) => this.#answerHub(request, response));
    this.#cdn = createServer((request, response) => this.#answerContent("cdn", request, response));
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer();
    const servers = [server.#hub, server.#cdn];
    await Promise.all(servers.map((each) => new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve))));
    onTestFinished(() => server.stop());
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get #cdnEndpoint(): string {
    return `http://127.0.0.1:${(this.#cdn.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const server of [this.#hub, this.#cdn]) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** Requests for a file's content, redirects not counted. */
  contentRequests(name: string): RecordedRequest[] {
    return this.requests.filter(
      ({ path }) => /\/(cdn|resolve-cache)\//.test(path) && path.split("?")[0]!.endsWith(`/${name}`),
    );
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): ServerResponse {
    const url = new URL(request.url!, this.endpoint);
    if (url.pathname.startsWith("/api/resolve-cache/")) return this.#answerContent("hub", request, response);
    this.#record("hub", request);
    const match = /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(revision|resolve)\/([^/]+)(?:\/(.+))?$/.exec(url.pathname);
    const [, id = "", kind, revision, name = "list"] = match ?? [];
    const repository = this.repositories.get(id);
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      return refuse(response, 401, { "x-error-code": "RepoNotFound", "x-error-message": "Repository not found" });
    }
    if (repository === undefined) return refuse(response, 404, { "x-error-code": "RepoNotFound" });
    if (revision !== "main" && revision !== repository.commit) {
      return refuse(response, 404, { "x-error-code": "RevisionNotFound" });
    }
    const fault = this.faults.get(name)?.[0];
    if (fault !== undefined && "status" in fault) {
      this.faults.get(name)!.shift();
      return refuse(response, fault.status, fault.headers ?? {});
    }
    if (kind === "revision") return this.#answerList(id, repository, response);
    return this.#redirect(id, name, repository, response);
  }

  #answerList(id: string, { commit, files }: Repository, response: ServerResponse): ServerResponse {
    const siblings = [...files].map(([rfilename, content]) => {
      const lfs = isLarge(content) && { sha256: sha256(content), size: content.length, pointerSize: 135 };
      return { rfilename, size: content.length, blobId: gitBlobId(content), ...(lfs && { lfs }) };
    });
    response.setHeader("content-type", "application/json; charset=utf-8");
    return response.end(
      JSON.stringify({ _id: "6", id, modelId: id, private: false, gated: false, sha: commit, siblings }),
    );
  }

  #redirect(id: string, name: string, { commit, files }: Repository, response: ServerResponse): ServerResponse {
    const content = files.get(name);
    if (content === undefined) return refuse(response, 404, { "x-error-code": "EntryNotFound" });
    if (!isLarge(content)) {
      response.writeHead(307, {
        location: `/api/resolve-cache/models/${id}/${commit}/${name}?etag=%22${gitBlobId(content)}%22`,
      });
      return response.end("Temporary Redirect");
    }
    const fault = this.faults.get(name)?.[0];
    const etag = fault && "etag" in fault ? fault.etag : sha256(content);
    if (fault && "etag" in fault) this.faults.get(name)!.shift();
    const location = fault && "redirectTo" in fault ? fault.redirectTo : `${this.#cdnEndpoint}/cdn/${id}/${name}`;
    const linked = { "x-repo-commit": commit, "x-linked-size": content.length, "x-linked-etag": `"${etag}"` };
    response.writeHead(302, { ...linked, location });
    return response.end("Found. Redirecting");
  }

  #answerContent(host: "hub" | "cdn", request: IncomingMessage, response: ServerResponse): ServerResponse {
    this.#record(host, request);
    const [, id = "", name = ""] =
      /\/(?:cdn|models)\/([^/]+\/[^/]+)(?:\/[0-9a-f]{40})?\/([^/?]+)(?:\?.*)?$/.exec(request.url!) ?? [];
    if (host === "cdn" && request.headers.authorization !== undefined) return refuse(response, 400, {});
    const { commit = "", files } = this.repositories.get(id) ?? {};
    const content = files?.get(name);
    if (content === undefined) return refuse(response, 404, {});
    const queue = this.faults.get(name);
    const fault = queue?.[0] !== undefined && !("status" in queue[0]) ? queue.shift() : undefined;
    // The other host has entity tags of its own, which are no checksums.
    const etag = host === "cdn" ? md5(content) : fault && "etag" in fault ? fault.etag : gitBlobId(content);
    response.setHeader("etag", `"${etag}"`);
    if (host === "hub") response.setHeader("x-repo-commit", commit);
    return sendContent(content, request.headers.range, fault, response);
  }

  #record(host: "hub" | "cdn", { url, headers }: IncomingMessage): void {
    this.requests.push({ host, path: url!, range: headers.range, authorization: headers.authorization });
  }
}

function sendContent(
  whole: Buffer,
  range: string | undefined,
  fault: Fault | undefined,
  response: ServerResponse,
): ServerResponse {
  const from = fault && "ignoreRange" in fault ? undefined : /^bytes=(\d+)-$/.exec(range ?? "")?.[1];
  if (from !== undefined && Number(from) >= whole.length) {
    return refuse(response, 416, { "content-range": `bytes */${whole.length}` });
  }
  let body = whole.subarray(Number(from ?? 0));
  if (fault && "corrupt" in fault) body = Buffer.from(body.map((byte, at) => (at === 0 ? byte ^ 1 : byte)));
  if (fault && "resizeBy" in fault) {
    body = fault.resizeBy < 0 ? body.subarray(0, fault.resizeBy) : Buffer.concat([body, Buffer.alloc(fault.resizeBy)]);
  }
  const part = from === undefined ? {} : { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}` };
  response.writeHead(from === undefined ? 200 : 206, {
    "content-length": body.length,
    "accept-ranges": "bytes",
    ...part,
  });
  const stop =
    fault && ("breakAfter" in fault ? fault.breakAfter : "stallAfter" in fault ? fault.stallAfter : undefined);
  if (stop === undefined) return response.end(body);
  response.write(body.subarray(0, stop), () => {
    if (fault && "breakAfter" in fault) setImmediate(() => response.destroy());
  });
  return response;
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>): ServerResponse {
  response.writeHead(status, headers);
  return response.end('{"error":"no"}');
}

function isLarge(content: Buffer): boolean {
  return content.length >= 1000;
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function md5(content: Buffer): string {
  return createHash("md5").update(content).digest("hex");
}

export function gitBlobId(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
