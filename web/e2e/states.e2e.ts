import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { drawn, open, surface, withBrowser, type Watched } from "./browser";
import { front, type Front } from "./page";
import { serve, type Program } from "./program";

withBrowser();
let program: Program;
let page: Front;
let watched: Watched;

beforeAll(async () => {
  program = await serve("--demonstration", "--hide-incidents");
  page = await front(program.address);
});
afterAll(() => {
  page.stop();
  program.stop();
});
beforeEach(() => {
  page.reach(true);
  return async () => watched.page.context().close();
});

describe("the page", () => {
  it("offers no incidents to those who may not see them", async () => {
    watched = await open(page.address);
    await drawn(watched.page);
    expect(await watched.page.getByLabel("Incidents", { exact: true }).count()).toBe(0);
    expect(await watched.page.getByLabel("Hotspots", { exact: true }).count()).toBe(1);
  });

  it("labels made-up incidents and schematic boundaries", async () => {
    watched = await open(page.address);
    await drawn(watched.page);
    const label = watched.page.locator(".demonstration");
    expect(await label.locator("summary").textContent()).toMatch(
      /Demonstration.*Made-up incidents, Schematic boundaries/,
    );
    await label.locator("summary").click();
    await label.getByText("not to be used for decisions").waitFor();
  });

  it("says that the service is away, and tries again", async () => {
    page.reach(false);
    watched = await open(page.address);
    await watched.page.getByText("The service did not answer").waitFor();
    page.reach(true);
    await watched.page.getByRole("button", { name: "Try again" }).click();
    await drawn(watched.page);
    expect((await surface(watched.page)).length).toBeGreaterThan(500);
  });

  it("keeps what it shows when the service goes away, and says that it may be old", async () => {
    watched = await open(page.address, "priority=burglary&period=2025-01/2025-03");
    await drawn(watched.page);
    const before = (await surface(watched.page)).length;
    page.reach(false);
    await watched.page.evaluate(() => dispatchEvent(new Event("online")));
    await watched.page.getByText("may be out of date").waitFor();
    await watched.page.getByLabel("Priority").first().selectOption("drugs");
    await watched.page.locator(".legend .refused").waitFor();
    expect((await surface(watched.page)).length).toBe(before);
    page.reach(true);
    await watched.page.evaluate(() => dispatchEvent(new Event("online")));
    await watched.page.getByText("may be out of date").waitFor({ state: "detached" });
  });

  it("tells in the service's words why a layer cannot be made", async () => {
    // An emerging pattern takes five months at least.
    watched = await open(page.address, "priority=burglary&show=emerging&period=2024-01/2024-02");
    await watched.page.locator(".legend .refused").waitFor();
    expect((await watched.page.locator(".legend .refused").textContent())?.length).toBeGreaterThan(20);
  });

  it("does not jump while it loads", async () => {
    watched = await open(page.address, "priority=burglary");
    await drawn(watched.page);
    await watched.page.waitForTimeout(500);
    const moved = await watched.page.evaluate(
      () =>
        new Promise<number>((done) => {
          new PerformanceObserver((list) => {
            const shifts = list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[];
            done(
              shifts
                .filter(({ hadRecentInput }) => !hadRecentInput)
                .reduce((sum, { value }) => sum + value, 0),
            );
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(0), 1000);
        }),
    );
    // On a machine that does other work parts come one after the other; a page without room kept for them has 1 and more.
    expect(moved).toBeLessThan(0.5);
  });
});
