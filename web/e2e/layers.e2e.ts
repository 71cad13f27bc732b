import { describe, expect, inject, it } from "vitest";
import type { FeaturePage, HotspotCollection, Legend, Priority, Summary } from "../src/api/types";
import {
  addressHas,
  asked,
  count,
  drawn,
  fills,
  onePagePerTest,
  pointOf,
  surface,
  withBrowser,
} from "./browser";

withBrowser();
const address = inject("address");
const start = onePagePerTest(address);

const year = "period=2025-01/2025-12";

describe("the layers of the map", () => {
  it("are those of the service: each cell with its count and class", async () => {
    const page = await start("priority=burglary&over=");
    const served = await asked<FeaturePage>(address, `/collections/burglary-hex/items?limit=10000&${year}`);
    const legend = await asked<Legend>(address, `/collections/burglary-hex/legend?f=json&${year}`);
    const shown = await surface(page);
    expect(shown.length).toBe(served.numberMatched);
    const hot = served.features.filter(({ properties }) => properties.class === 3).map(({ id }) => id);
    const first = shown.filter(({ class_number }) => class_number === 0).map(({ id }) => id);
    expect(first.sort()).toEqual(hot.sort());
    const labels = await page
      .locator(".legend .classes")
      .first()
      .locator("li span:nth-child(2)")
      .allTextContents();
    expect(labels).toEqual(legend.classes.map(({ label }) => label));
  });

  it("follow the priority", async () => {
    const page = await start();
    const before = await surface(page);
    const priorities = await asked<Priority[]>(address, "/priorities");
    await page.getByLabel("Priority").first().selectOption("burglary");
    await addressHas(page, "priority", "burglary");
    await drawn(page);
    const after = await surface(page);
    const sum = (cells: { count: number }[]) => cells.reduce((total, cell) => total + cell.count, 0);
    expect(sum(after)).toBeLessThan(sum(before));
    expect(await page.locator(".panel-head h2").textContent()).toBe("Burglary");
    expect(await page.getByLabel("Priority").first().locator("option").count()).toBe(priorities.length);
  });

  it("are bands of density, in either ramp", async () => {
    const page = await start("priority=burglary");
    await page.locator("label", { hasText: /^Density$/ }).click();
    await addressHas(page, "show", "density");
    await drawn(page);
    const served = await asked<FeaturePage>(
      address,
      `/collections/burglary-density/items?limit=10000&${year}`,
    );
    expect((await surface(page)).map(({ id }) => id).sort()).toEqual(
      served.features.map(({ id }) => id).sort(),
    );
    const colour = () =>
      page.evaluate(
        () =>
          window.hotspots.map?.queryRenderedFeatures({ layers: ["surface"] })[0]?.properties.fill as string,
      );
    const before = await colour();
    await page.locator("label", { hasText: "viridis" }).click();
    await drawn(page);
    await page.waitForFunction(
      (was) =>
        window.hotspots.map?.queryRenderedFeatures({ layers: ["surface"] })[0]?.properties.fill !== was,
      before,
    );
  });

  it("are emerging categories, with those that occur in the legend", async () => {
    const page = await start("show=emerging&priority=burglary&over=");
    const served = await asked<{
      categories: Record<string, number>;
      features: { properties: { category: string } }[];
    }>(address, "/analysis/emerging?priority=burglary&period=2024-01/2025-12&cells=patterns&f=geojson");
    expect((await surface(page)).length).toBe(served.features.length);
    const labels = await page
      .locator(".legend .classes")
      .first()
      .locator("li span:nth-child(2)")
      .allTextContents();
    const occurring = Object.keys(served.categories).filter((category) => category !== "No Pattern Detected");
    expect(labels.sort()).toEqual(occurring.sort());
  });

  it("are wards and beats by rate, count and change", async () => {
    const page = await start("show=areas&priority=burglary");
    for (const [style, field] of [
      ["Rate", "rate_per_1000"],
      ["Count", "count"],
      ["Change", "change_percent"],
    ] as const) {
      await page.locator(".layer-style label", { hasText: new RegExp(`^${style}$`) }).click();
      await drawn(page);
      const id = style.toLowerCase();
      const legend = await asked<Legend>(
        address,
        `/collections/burglary-wards/legend?f=json&${year}&compare=year-before&style=${id}`,
      );
      const shown = await page
        .locator(".legend .classes")
        .first()
        .locator("li span:nth-child(2)")
        .allTextContents();
      expect(shown).toEqual(legend.classes.map(({ label }) => label));
      const served = await asked<Summary>(
        address,
        `/summaries/ward?priority=burglary&${year}&compare=year-before`,
      );
      const filled = await fills(page);
      expect(Object.keys(filled).length).toBe(served.rows.length);
      for (const row of served.rows) {
        expect(filled[row.code]?.[field]).toBeCloseTo(row[field] ?? NaN, 9);
        const number = filled[row.code]?.class_number as number;
        const { from, below } = legend.classes[number]?.test ?? {};
        expect(row[field]).toBeGreaterThanOrEqual(from ?? -Infinity);
        expect(row[field]).toBeLessThan(below ?? Infinity);
      }
    }
    await page.locator(".layer-style label", { hasText: /^Beats$/ }).click();
    await addressHas(page, "layer", "beat");
    await drawn(page);
    expect(Object.keys(await fills(page, "beat")).length).toBe(60);
    expect(await count(page, "areas-ward")).toBe(0);
  });

  it("are hotspots, incidents and names, each to be turned off", async () => {
    const page = await start("priority=burglary&over=");
    expect([
      await count(page, "hotspots-ground"),
      await count(page, "names"),
      await count(page, "incidents"),
    ]).toEqual([0, 0, 0]);
    for (const name of ["Hotspots", "Incidents", "Names"])
      await page.getByLabel(name, { exact: true }).check();
    await drawn(page);
    await page.waitForFunction(
      () => (window.hotspots.map?.queryRenderedFeatures({ layers: ["incidents"] }).length ?? 0) > 0,
    );
    const hotspots = await asked<HotspotCollection>(
      address,
      `/analysis/hotspots?priority=burglary&${year}&f=geojson`,
    );
    expect(await count(page, "hotspots-ground")).toBe(hotspots.features.length);
    expect(await count(page, "names")).toBeGreaterThan(10);
    expect(await count(page, "incidents")).toBeGreaterThan(200);
    await page.getByLabel("Incidents", { exact: true }).uncheck();
    await addressHas(page, "over", null);
    expect(await count(page, "incidents")).toBe(0);
  });

  it("let the ground show through as much as asked", async () => {
    const page = await start();
    await page.getByLabel("Opacity").fill("40");
    await addressHas(page, "opacity", "40");
    expect(await page.evaluate(() => window.hotspots.map?.getPaintProperty("cells", "fill-opacity"))).toBe(
      0.4,
    );
    await page.locator("label", { hasText: /^None$/ }).click();
    await addressHas(page, "show", "none");
    await drawn(page);
    expect(await surface(page)).toEqual([]);
  });

  it("keep their classes while the period moves, when asked to", async () => {
    const page = await start("show=areas&style=count&priority=burglary");
    const labels = () =>
      page.locator(".legend .classes").first().locator("li span:nth-child(2)").allTextContents();
    const before = await labels();
    await page.getByLabel("Keep these classes").check();
    await page.getByLabel("One month back").click();
    await addressHas(page, "period", "2024-12/2025-11");
    await drawn(page);
    expect(await labels()).toEqual(before);
    await page.getByLabel("Keep these classes").uncheck();
    await page.waitForFunction(
      (was) => document.querySelector(".legend .classes")?.textContent !== was,
      before.join(""),
    );
    expect(await labels()).not.toEqual(before);
  });
});

describe("what lies at a place", () => {
  it("is told beside the pointer, and in full on a click", async () => {
    const page = await start("priority=burglary&over=");
    const at = await pointOf(page, "cells", 3);
    await page.mouse.move(at.x, at.y);
    await page.locator(".hover").waitFor();
    expect(await page.locator(".hover").textContent()).toMatch(/\d+ incidents/);
    await page.mouse.click(at.x, at.y);
    const details = page.locator(".details");
    await details.waitFor();
    for (const fact of ["Hex cell", "Incidents", "Probability by chance (p)", "Rate per 1,000 residents"]) {
      await details.getByText(fact, { exact: true }).first().waitFor();
    }
    await page.keyboard.press("Escape");
    await details.waitFor({ state: "detached" });
  });

  it("names the streets of a hotspot", async () => {
    const page = await start("priority=burglary&show=none");
    const at = await pointOf(page, "hotspots-ground", 20);
    await page.mouse.click(at.x, at.y);
    expect(await page.locator(".details").textContent()).toMatch(
      /Hotspot \d of \d+.*Streets named most.*Demo Street/s,
    );
  });

  it("filters by the ward that is clicked", async () => {
    const page = await start("priority=burglary&show=areas");
    const at = await pointOf(page, "areas-ward", 1);
    await page.mouse.click(at.x, at.y);
    await page.waitForFunction(() => new URLSearchParams(location.search).get("area")?.startsWith("ward/"));
    await page.locator(".chip").waitFor();
    expect(await count(page, "chosen")).toBeGreaterThan(0);
    await page.locator(".chip").click();
    await addressHas(page, "area", null);
  });
});
