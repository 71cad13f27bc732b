import { describe, expect, inject, it } from "vitest";
import type { FeaturePage } from "../src/api/types";
import { addressHas, asked, fills, onePagePerTest, surface, type Page, withBrowser } from "./browser";

withBrowser();
const address = inject("address");
const start = onePagePerTest(address);

const sum = (cells: { count: number }[]) => cells.reduce((total, { count }) => total + count, 0);

async function bothDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => window.hotspots.maps.length === 2);
  await page.waitForFunction(
    () => window.hotspots.maps[1]?.isStyleLoaded() && window.hotspots.maps[1].areTilesLoaded(),
  );
  await page.waitForFunction(
    () => (window.hotspots.maps[1]?.queryRenderedFeatures({ layers: ["cells"] }).length ?? 0) > 0,
  );
}

async function served(priority: string, period: string): Promise<number> {
  const page = await asked<FeaturePage>(
    address,
    `/collections/${priority}-hex/items?limit=10000&period=${period}`,
  );
  return page.features.reduce((total, { properties }) => total + Number(properties.count), 0);
}

describe("two maps", () => {
  it("show a period against the one before, and move together", async () => {
    const page = await start("priority=burglary&over=&period=2025-01/2025-12");
    await page.locator(".compare-switch label").nth(1).click();
    await addressHas(page, "maps", "side");
    await bothDrawn(page);
    expect(sum(await surface(page, 1))).toBe(await served("burglary", "2024-01/2024-12"));
    await page.getByLabel("Zoom in").click();
    await page.waitForFunction(() => {
      const [left, right] = window.hotspots.maps;
      return left && right && left.getZoom() > 11 && Math.abs(left.getZoom() - right.getZoom()) < 1e-6;
    });
    const centres = await page.evaluate(() => window.hotspots.maps.map((map) => map.getCenter().toArray()));
    expect(centres[0]?.[0]).toBeCloseTo(centres[1]?.[0] ?? 0, 6);
    // The right one leads as well.
    await page.evaluate(() => window.hotspots.maps[1]?.jumpTo({ center: [-2.1, 52.5] }));
    expect(await page.evaluate(() => window.hotspots.maps[0]?.getCenter().lng)).toBeCloseTo(-2.1, 6);
  });

  it("show a priority against another", async () => {
    const page = await start("priority=burglary&over=&maps=side&period=2025-01/2025-12");
    await bothDrawn(page);
    await page.getByLabel("Priority on the right").selectOption("vehicle-crime");
    await addressHas(page, "other", "vehicle-crime");
    const wanted = await served("vehicle-crime", "2025-01/2025-12");
    await page.waitForFunction((total) => {
      const found = window.hotspots.maps[1]?.queryRenderedFeatures({ layers: ["cells"] }) ?? [];
      const cells = new Map(found.map(({ id, state }) => [id, Number(state.count)]));
      return [...cells.values()].reduce((all, count) => all + count, 0) === total;
    }, wanted);
  });

  it("use the same classes for the same priority", async () => {
    const page = await start(
      "priority=burglary&over=&maps=side&show=areas&style=count&period=2025-01/2025-12",
    );
    await page.waitForFunction(() => window.hotspots.maps.length === 2);
    await page.waitForFunction(
      () => window.hotspots.maps[1]?.queryRenderedFeatures({ layers: ["areas-ward"] })[0]?.state.fill,
    );
    const [left, right] = [await fills(page, "ward", 0), await fills(page, "ward", 1)];
    const numbers = (of: typeof left) =>
      Object.values(of).map(({ count, class_number }) => [Number(count), Number(class_number)] as const);
    const all = [...numbers(left), ...numbers(right)].sort((a, b) => a[0] - b[0]);
    // More incidents never have a lower class: the limits are one set.
    for (let at = 1; at < all.length; at++) expect(all[at]?.[1]).toBeLessThanOrEqual(all[at - 1]?.[1] ?? 0);
  });

  it("lie on top of each other and are swiped, by pointer and by keyboard", async () => {
    const page = await start("priority=burglary&maps=swipe");
    await bothDrawn(page);
    const handle = page.getByRole("slider", { name: "Where the maps meet" });
    await handle.focus();
    await page.keyboard.press("PageUp");
    await addressHas(page, "swipe", "60");
    expect(
      await page.locator(".pane.is-side-1").evaluate(({ style }) => (style as CSSStyleDeclaration).clipPath),
    ).toContain("60%");
    const box = await page.locator(".maps").boundingBox();
    const at = await handle.boundingBox();
    if (!box || !at) throw new Error("no handle");
    await page.mouse.move(at.x + at.width / 2, at.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, at.y + 300, { steps: 4 });
    await page.mouse.up();
    await addressHas(page, "swipe", "25");
    await page.locator(".compare-switch label").first().click();
    await page.waitForFunction(() => window.hotspots.maps.length === 1);
  });
});
