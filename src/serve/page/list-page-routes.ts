import type { Route } from "../list-routes.js";
import type { PageFile } from "./read-page.js";

/** The page may load and ask for what this service has, and nothing else; no other site may frame it. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The compare page's files as endpoints. They hold no secret, so they are sent without a token; what they ask for needs one. */
export function listPageRoutes(files: readonly PageFile[]): Route[] {
  return files.map((file) => ({
    method: "GET",
    path: file.path,
    isOpen: true,
    handle: ({ req }) => answerFile(file, req.header("if-none-match")),
  }));
}

function answerFile({ body, type, tag, isLasting }: PageFile, known: string | undefined): Response {
  const headers = {
    "content-type": type,
    etag: tag,
    "cache-control": isLasting ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": contentPolicy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
  };
  return known === tag ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}
