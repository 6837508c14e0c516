import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { openTestServer, type TestServer } from "../serve/open-test-server.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";

/** Debian's Chromium, or another that BREVIS_CHROMIUM names; tests of the page are skipped without one. */
export const chromiumPath = [process.env.BREVIS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Where screenshots of a run are left. */
export const screenshots = join(import.meta.dirname, "..", "..", "build", "screenshots");
const pageFolder = pathToFileURL(`${join(import.meta.dirname, "..", "..", "build", "page-under-test")}/`);

/** Builds the page as `npm run build` does, into a folder of the tests' own. */
export async function buildPage(): Promise<void> {
  const { build } = await import("vite");
  const root = join(import.meta.dirname, "..", "..", "web");
  await build({ root, configLoader: "native", build: { outDir: pageFolder.pathname } });
}

export function launchBrowser(): Promise<Browser> {
  // Its sandbox needs rights that a container seldom gives; only the page of this repository is opened.
  return chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A page that is open in a browser, and what went on behind it. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: TestServer;
  readonly standIns: StandIns;
  /** What the console said that is an error or a warning, and what the page threw. */
  readonly complaints: string[];
  /** Requests to any other origin than the page's own. */
  readonly strayRequests: string[];
}

export interface OpenPageOptions extends BrowserContextOptions {
  readonly providers?: StandInOptions;
  /** Without any provider's key. */
  readonly isUnconfigured?: boolean;
  readonly settings?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  /** Whether the test tells the page what time it is. */
  readonly hasOwnClock?: boolean;
}

/** Starts stand-ins of the providers and the service, and opens its page. */
export async function openPage(browser: Browser, options: OpenPageOptions = {}): Promise<OpenPage> {
  const { providers, isUnconfigured, settings, environment = {}, hasOwnClock, ...contextOptions } = options;
  const standIns = await startProviders(providers);
  onTestFinished(() => standIns.close());
  const server = await openTestServer(settings, {
    environment: { ...(isUnconfigured ? {} : standIns.environment), ...environment },
    pageFolder,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...contextOptions });
  onTestFinished(() => context.close());
  // On a busy machine the limit of the whole test is the only one.
  context.setDefaultTimeout(0);
  if (hasOwnClock) await context.clock.install();
  const complaints: string[] = [];
  const strayRequests: string[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(server.url)) strayRequests.push(request.url());
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(server.url);
  return { page, context, server, standIns, complaints, strayRequests };
}
