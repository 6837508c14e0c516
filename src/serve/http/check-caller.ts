import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ServeConfiguration } from "../configuration/configuration-schema.js";
import { RequestError } from "./request-error.js";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses what a page of another site could send: a request to a name that is not this service's (a rebound DNS name), or from
 * an origin that nobody allowed.
 */
export function createCallerCheck({ host, allowedHosts, allowedOrigins }: ServeConfiguration) {
  const hosts = new Set([...loopbackNames, ...allowedHosts, bracket(host)].map((name) => name.toLowerCase()));
  const origins = new Set(allowedOrigins.map((origin) => new URL(origin).origin));
  return ({ host: hostHeader = "", origin }: IncomingHttpHeaders): void => {
    const name = hostHeader.replace(/:\d+$/u, "").toLowerCase();
    if (!hosts.has(name)) {
      throw new RequestError(
        403,
        `Expected a request to this service's own name but it was to ${quote(hostHeader)}.`,
        "Add the name to allowedHosts in the configuration.",
      );
    }
    if (origin === undefined || origins.has(origin) || isSameOrigin(origin, hostHeader)) return;
    throw new RequestError(
      403,
      `Expected a request from this service's own pages but it came from ${quote(origin)}.`,
      "Add the origin to allowedOrigins in the configuration.",
    );
  };
}

function isSameOrigin(origin: string, hostHeader: string): boolean {
  return (
    origin.toLowerCase() === `http://${hostHeader}`.toLowerCase() ||
    origin.toLowerCase() === `https://${hostHeader}`.toLowerCase()
  );
}

function bracket(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, 100));
}

/** Asks for a token where there is one. Which bytes of a wrong one are right cannot be told from the time that it takes. */
export function createTokenCheck(token: string | undefined): (given: string | null | undefined) => void {
  if (token === undefined) return () => {};
  const expected = digest(token);
  return (given) => {
    if (given !== null && given !== undefined && timingSafeEqual(digest(given), expected)) return;
    throw new RequestError(
      401,
      "Expected this service's token but received none, or another.",
      "Send it in the header: Authorization: Bearer TOKEN.",
    );
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The token of an Authorization header. */
export function readBearer(header: string | null | undefined): string | undefined {
  return /^Bearer +(\S+) *$/iu.exec(header ?? "")?.[1];
}
