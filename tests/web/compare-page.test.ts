/** The compare page in a real browser, against the service and stand-ins of the providers. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { StandInOptions } from "../stand-ins/start-providers.js";
import { buildPage, chromiumPath, launchBrowser, openPage, screenshots } from "./open-page.js";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  await buildPage();
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Two answers that say the same in other words, long enough to be streamed in pieces. */
const providers: StandInOptions = {
  answer: ({ prompt, system }) =>
    system === undefined && prompt.includes("job 1000 in 30 ms\n2026")
      ? "Job 1259 on worker-3 failed: db-2.internal:5432 refused the connection.\n\n- It goes back to the queue, 3 of 5 attempts are used.\n- The other 62 jobs finished."
      : "Job 1259 on worker-3 failed, since db-2.internal:5432 refused its connection.\n\n- 3 of 5 attempts are used; it is in the queue again.\n- 62 jobs finished.",
};

/** What is expected soon, however busy the machine is. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 100_000 });

const headline = (page: Page) => page.locator(".result .headline");
const tokensAfter = async (page: Page) =>
  Number(/([\d,]+)\s*tokens/u.exec(await headline(page).innerText())![1]!.replaceAll(",", ""));

async function takeLog(page: Page): Promise<void> {
  await page.getByRole("button", { name: "A worker's log" }).click();
  await headline(page).waitFor();
}

/** What axe finds that is serious or critical: rule and place. */
async function findBarriers(page: Page): Promise<string[]> {
  // Through the debugger, as the page's policy lets no script in.
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate("axe.run(document)")) as {
    violations: { id: string; impact: string; nodes: { target: unknown }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${JSON.stringify(target)}`));
}

// Debian's package chromium; BREVIS_CHROMIUM names another.
describe.skipIf(chromiumPath === undefined)("the compare page (in Chromium)", () => {
  it("shows what a text loses and both answers to a question, and asks its own origin alone", async () => {
    const { page, complaints, strayRequests, standIns } = await openPage(browser, { providers });
    await page.getByText("Nothing to compress yet").waitFor();
    await takeLog(page);
    expect(await tokensAfter(page)).toBeGreaterThan(100);
    expect(await page.locator("del[data-at]").count()).toBeGreaterThan(3);
    await page.getByRole("button", { name: "Ask both" }).click();
    await page.getByRole("heading", { name: "Likeness of the answers" }).waitFor();
    const direct = page.getByRole("article", { name: "Whole text" });
    const compact = page.getByRole("article", { name: "Compressed text" });
    expect(await direct.innerText()).toContain("The other 62 jobs finished.");
    expect(await compact.innerText()).toContain("62 jobs finished.");
    for (const side of [direct, compact]) {
      for (const label of ["Input", "Output", "First word", "Whole answer", "Cost"]) {
        expect(await side.innerText()).toContain(label);
      }
      expect(await side.innerText()).toMatch(/\$0\.00\d+/u);
    }
    expect(await compact.locator(".change.is-less").first().innerText()).toMatch(/^−\d+ %$/u);
    expect(await page.locator(".quality").innerText()).toMatch(/Information[\s\S]*100 %/u);
    expect(standIns.asked().map(({ prompt }) => prompt.endsWith("Which job failed, and why?"))).toEqual([true, true]);
    await page.screenshot({ path: join(screenshots, "compare-light.png"), fullPage: true });
    await page.getByRole("slider").fill("40");
    await page.getByText("The text or a setting has changed.").waitFor();
    expect({ complaints, strayRequests }).toEqual({ complaints: [], strayRequests: [] });
  });

  it("compresses again while the slider moves, and gives up what is under way", async () => {
    const { page, complaints } = await openPage(browser, { hasOwnClock: true });
    await takeLog(page);
    const at50 = await tokensAfter(page);
    const asked: { rate: number; end: string }[] = [];
    await page.route("**/api/compress", async (route) => {
      const { rate } = route.request().postDataJSON() as { rate: number };
      asked.push({ rate, end: asked.length === 0 ? "held back" : "answered" });
      if (asked.length > 1) await route.continue();
    });
    page.on("requestfailed", () => {
      asked[0]!.end = "given up";
    });
    // Time stands still but where the test lets it pass.
    await page.clock.pauseAt(Date.now() + 3_600_000);
    const slider = page.getByRole("slider", { name: "Keep" });
    await slider.fill("45");
    await page.clock.runFor(1000);
    await eventually(() => asked).toEqual([{ rate: 0.45, end: "held back" }]);
    await slider.focus();
    for (let step = 0; step < 15; step++) await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toBe("30 % of the tokens");
    await page.clock.runFor(1000);
    await eventually(() => tokensAfter(page)).toBeLessThan(at50);
    // Fifteen steps are one request, and the one before them was given up.
    expect(asked).toEqual([
      { rate: 0.45, end: "given up" },
      { rate: 0.3, end: "answered" },
    ]);
    expect(complaints).toEqual([]);
  });

  it("takes files that are dropped, and says what it cannot read", async () => {
    const { page } = await openPage(browser);
    const drop = (files: [name: string, content: number[]][]) =>
      page.evaluate(
        `{ const transfer = new DataTransfer();
          for (const [name, bytes] of ${JSON.stringify(files)}) transfer.items.add(new File([new Uint8Array(bytes)], name));
          for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true })); }`,
      );
    const source = page.getByRole("textbox", { name: "Text", exact: true });
    const bytes = (text: string) => [...Buffer.from(text)];
    await drop([["a.log", bytes("line one\nline two\n")]]);
    await eventually(() => source.inputValue()).toBe("line one\nline two\n");
    await drop([
      ["a.txt", bytes("first")],
      ["b.txt", bytes("second")],
    ]);
    await eventually(() => source.inputValue()).toBe("==> a.txt <==\nfirst\n\n==> b.txt <==\nsecond");
    await drop([["photo.jpg", [0xff, 0xd8, 0xff, 0xe0]]]);
    await page.getByRole("alert").filter({ hasText: "photo.jpg is something else" }).waitFor();
    expect(await source.inputValue()).toContain("second");
  });

  it("opens files by the keyboard", async () => {
    const { page } = await openPage(browser);
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open files…" }).focus();
    await page.keyboard.press("Enter");
    await (await chosen).setFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("typed by nobody") });
    await eventually(() => page.getByRole("textbox", { name: "Text", exact: true }).inputValue()).toBe(
      "typed by nobody",
    );
  });

  it("gives reasons under the pointer and at the keyboard's focus", async () => {
    const { page } = await openPage(browser);
    await takeLog(page);
    const omissions = page.locator("del[data-at]");
    await omissions.nth(1).hover();
    const reason = page.getByRole("tooltip");
    await eventually(() => reason.innerText()).toMatch(/^1 line left out\s+Rated the least telling part of this log/u);
    await page.keyboard.press("Escape");
    await reason.waitFor({ state: "detached" });
    await omissions.nth(2).hover();
    await reason.waitFor();
    await page.mouse.move(5, 5);
    await reason.waitFor({ state: "detached" });
    // All of them are one stop of the Tab key, after the tabs.
    await page.getByRole("tab", { name: "Changes" }).focus();
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate("document.activeElement.dataset.at");
    const first = await focused();
    expect(first).toBe(await omissions.first().getAttribute("data-at"));
    await reason.waitFor();
    expect(await omissions.first().getAttribute("aria-describedby")).toBe("reason");
    await page.keyboard.press("ArrowDown");
    await eventually(focused).toBe(await omissions.nth(1).getAttribute("data-at"));
    await page.keyboard.press("End");
    await eventually(focused).toBe(await omissions.last().getAttribute("data-at"));
    await reason.waitFor();
    await page.keyboard.press("Escape");
    await reason.waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    expect(await focused()).toBeUndefined();
  });

  it.each(["light", "dark"] as const)(
    "has no serious barrier in the %s scheme, full and empty",
    async (colorScheme) => {
      const { page, complaints } = await openPage(browser, { providers, colorScheme, reducedMotion: "reduce" });
      await page.getByText("Nothing to compress yet").waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await takeLog(page);
      await page.getByText("More options").click();
      await page.getByRole("button", { name: "Ask both" }).click();
      await page.getByRole("heading", { name: "Likeness of the answers" }).waitFor();
      await page.locator("del[data-at]").first().hover();
      await page.getByRole("tooltip").waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole("tab", { name: "Compressed text" }).click();
      expect(await findBarriers(page)).toEqual([]);
      if (colorScheme === "dark")
        await page.screenshot({ path: join(screenshots, "compare-dark.png"), fullPage: true });
      expect(complaints).toEqual([]);
    },
  );

  it("is dark where it is told, and stays so", async () => {
    const { page } = await openPage(browser, { colorScheme: "light" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    await page.getByRole("radio", { name: "Dark" }).check({ force: true });
    await eventually(paper).not.toBe(light);
    const dark = await paper();
    await page.reload();
    await page.getByText("Ready").waitFor();
    expect(await paper()).toBe(dark);
  });

  it("says what failed, on the side where it failed and as a whole", async () => {
    const { page } = await openPage(browser, {
      providers: {
        faults: ({ system }) => (system === undefined ? undefined : { kind: "status", status: 400, message: "no" }),
      },
    });
    await takeLog(page);
    await page.getByText("More options").click();
    await page.getByLabel("System prompt").fill("Be exact.");
    await page.getByRole("button", { name: "Ask both" }).click();
    await page.getByRole("article", { name: "Compressed text" }).getByRole("alert").waitFor();
    expect(await page.getByRole("article", { name: "Whole text" }).getByRole("alert").count()).toBe(1);
    await page.route("**/api/compress", (route) =>
      route.fulfill({
        status: 500,
        json: { error: { code: "internal", message: "A fault in brevis.", hint: "See the log." } },
      }),
    );
    await page.getByRole("slider").fill("20");
    const alert = page.getByRole("region", { name: "Result" }).getByRole("alert");
    await eventually(() => alert.innerText()).toMatch(/A fault in brevis\.\s*See the log\./u);
    expect(await findBarriers(page)).toEqual([]);
  });

  it("waits for a service that does not answer, and goes on when it does", async () => {
    const { page } = await openPage(browser);
    await page.getByText("Ready").waitFor();
    await page.route("**/api/**", (route) => route.abort());
    await page
      .getByRole("textbox", { name: "Text", exact: true })
      .fill("some words that were typed while nobody was there");
    await page.getByRole("alert").filter({ hasText: "The service does not answer." }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.unroute("**/api/**");
    await headline(page).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("compresses without any provider, and says how to configure one", async () => {
    const { page, complaints } = await openPage(browser, { isUnconfigured: true });
    await page.getByRole("heading", { name: "No model to ask yet" }).waitFor();
    expect(await page.locator(".no-provider").innerText()).toContain("ANTHROPIC_API_KEY=… brevis serve");
    expect(await page.getByRole("button", { name: "Ask both" }).count()).toBe(0);
    await takeLog(page);
    expect(complaints).toEqual([]);
  });

  it("asks for the service's token, and keeps it for its tab alone", async () => {
    const { page, context, server } = await openPage(browser, {
      settings: { tokenFrom: "TEST_TOKEN" },
      environment: { TEST_TOKEN: "sesame" },
    });
    const field = page.getByLabel("Token", { exact: true });
    await field.fill("wrong");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("The service knows no such token.").waitFor();
    await field.fill("sesame");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Ready").waitFor();
    await takeLog(page);
    await page.reload();
    await page.getByText("Ready").waitFor();
    const other = await context.newPage();
    onTestFinished(() => other.close());
    await other.goto(server.url);
    await other.getByText("Token needed").waitFor();
  });

  it("fits a phone", async () => {
    const { page } = await openPage(browser, {
      providers,
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
    });
    await takeLog(page);
    const width = () => page.evaluate("document.documentElement.scrollWidth");
    expect(await width()).toBe(390);
    await page.getByRole("button", { name: "Ask both" }).click();
    await page.getByRole("heading", { name: "Likeness of the answers" }).waitFor();
    expect(await width()).toBe(390);
    expect(await findBarriers(page)).toEqual([]);
    await page.screenshot({ path: join(screenshots, "compare-phone.png"), fullPage: true });
  });
});
