import { Hono } from "hono";
import { cors } from "hono/cors";
import { admitRequests } from "./http/admit-requests.js";
import { answerError } from "./http/answer-error.js";
import { answerFault } from "./http/answer-fault.js";
import { createTokenCheck, readBearer } from "./http/check-caller.js";
import { measureRequests } from "./http/measure-requests.js";
import { RequestError } from "./http/request-error.js";
import { type Bindings, listRoutes } from "./list-routes.js";
import { listPageRoutes } from "./page/list-page-routes.js";
import type { PageFile } from "./page/read-page.js";
import { answerProxied, proxyPaths } from "./proxy/answer-written.js";
import type { Services } from "./services.js";

/** The service as an application of hono: every check before the handlers, every error in one shape after them. */
export function createApp(services: Services, page: readonly PageFile[] = []): Hono<Bindings> {
  const app = new Hono<Bindings>();
  const { allowedOrigins } = services.configuration;
  const routes = [...listRoutes(services), ...listPageRoutes(page)];
  app.onError((error) => answerFault(error, services.log));
  app.notFound(({ req }) => answerError(new RequestError(404, `There is nothing at ${req.path.slice(0, 100)}.`)));
  app.use(measureRequests(services, new Set(routes.map(({ path }) => path))));
  app.use(admitRequests(services));
  if (allowedOrigins.length > 0) app.use(cors({ origin: allowedOrigins, allowMethods: ["GET", "POST"] }));
  const checkToken = createTokenCheck(services.token);
  for (const { method, path, isOpen, handle } of routes) {
    app.on(method, path, (context) => {
      if (!isOpen) checkToken(readBearer(context.env.incoming.headers.authorization));
      return handle(context);
    });
    app.all(path, () => {
      const answer = answerError(new RequestError(405, `Expected ${method} ${path} but received another method.`));
      answer.headers.set("allow", method);
      return answer;
    });
  }
  const { proxy } = services;
  if (proxy === undefined) return app;
  for (const path of proxyPaths) {
    app.all(path, async ({ env, req }) => {
      // The Authorization header belongs to the provider.
      checkToken(req.header("x-brevis-token"));
      return answerProxied(env, req.raw.signal, proxy);
    });
  }
  return app;
}
