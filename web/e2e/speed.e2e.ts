/* eslint-disable no-console -- The figures are what one runs this for. */
import { gzipSync } from "node:zlib";
import { describe, expect, inject, it } from "vitest";
import { drawn, open, withBrowser } from "./browser";

withBrowser();
const address = inject("address");

// Times are told and not tested: machines that do other work besides would fail by them.
describe("speed", () => {
  it("the first map comes, and weighs little", async () => {
    const { page } = await open(address, "show=none");
    let bytes = 0;
    page.on("response", async (response) => {
      const body = await response.body().catch(() => Buffer.alloc(0));
      // The test's server sends plain files; what is sent compressed is counted as if it were.
      bytes += gzipSync(body).length;
    });
    await page.addInitScript(() => {
      const look = () => {
        const { map } = window.hotspots ?? {};
        const isThere =
          map?.getSource("surface") && map.queryRenderedFeatures({ layers: ["cells"] }).length > 0;
        if (isThere) performance.mark("first-map");
        else setTimeout(look, 15);
      };
      look();
    });
    await page.goto(`${address}/dashboard?priority=burglary`);
    await drawn(page);
    const first = await page.evaluate(
      () => performance.getEntriesByName("first-map")[0]?.startTime ?? Infinity,
    );
    console.info(`first map ${Math.round(first)} ms, ${Math.round(bytes / 1024)} kB compressed`);
    expect(bytes).toBeLessThan(1.2 * 1024 * 1024);
    expect(first).toBeLessThan(Infinity);
    await page.context().close();
  });

  it("each step over 24 months is answered", async () => {
    const { page } = await open(address, "priority=burglary&period=2024-01");
    await drawn(page);
    const steps: { told: number; drawn: number }[] = [];
    for (let step = 0; step < 23; step++) {
      // A reader looks at a month for a moment; meanwhile the next is fetched.
      await page.waitForTimeout(400);
      steps.push(
        await page.evaluate(async () => {
          const { map } = window.hotspots;
          if (!map) throw new Error("no map");
          performance.clearMarks("hotspots:surface");
          const done = new Promise<number>((finish) => {
            const look = () => {
              if (performance.getEntriesByName("hotspots:surface").length === 0) setTimeout(look, 1);
              else map.once("render", () => finish(performance.now()));
            };
            look();
          });
          const start = performance.now();
          document.querySelector<HTMLElement>("[aria-label='One month on']")?.click();
          const end = await done;
          const told = performance.getEntriesByName("hotspots:surface")[0]?.startTime ?? end;
          return { told: told - start, drawn: end - start };
        }),
      );
    }
    const sorted = (of: "told" | "drawn") => steps.map((step) => step[of]).sort((a, b) => a - b);
    const [told, ready] = [sorted("told"), sorted("drawn")];
    const middle = (of: number[]) => Math.round(of[Math.floor(of.length / 2)] ?? 0);
    console.info(
      `a step: data on the map after ${middle(told)} ms (most ${Math.round(told.at(-1) ?? 0)}), drawn after ${middle(ready)} ms (most ${Math.round(ready.at(-1) ?? 0)})`,
    );
    expect(ready).toHaveLength(23);
    await page.context().close();
  });

  it("no list of incidents is ever asked for", async () => {
    const asked: string[] = [];
    const { page } = await open(address, "priority=all-incidents&over=incidents,hotspots");
    page.on("request", (request) => asked.push(request.url()));
    await page.reload();
    await drawn(page);
    expect(asked.some((url) => url.includes("/tiles/incidents/"))).toBe(true);
    expect(asked.filter((url) => /\/incidents(\/items)?\?/.test(url))).toEqual([]);
    await page.context().close();
  });
});
