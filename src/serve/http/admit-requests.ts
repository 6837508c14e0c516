import type { Context, Next } from "hono";
import type { Bindings } from "../list-routes.js";
import type { Services } from "../services.js";
import { createCallerCheck } from "./check-caller.js";
import { OverloadError, RequestError } from "./request-error.js";

/** Refuses what comes from elsewhere, too much at a time, or too late. */
export function admitRequests({ configuration, isDraining }: Services) {
  const checkCaller = createCallerCheck(configuration);
  const { concurrentRequests } = configuration.limits;
  let running = 0;
  return async ({ env }: Context<Bindings>, next: Next) => {
    if (isDraining()) throw new RequestError(503, "The service ends and takes no more requests.");
    // As Node has read them: the request of the Fetch standard copies and sorts all headers first.
    checkCaller(env.incoming.headers);
    if (running >= concurrentRequests) throw new OverloadError(`${running} requests are answered already.`, 1);
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  };
}
