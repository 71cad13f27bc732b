import { readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import type { HotspotCollection, Summary } from "../src/api/types";
import { addressHas, asked, count, drawn, onePagePerTest, withBrowser } from "./browser";

withBrowser();
const address = inject("address");
const start = onePagePerTest(address);

const burglary = "priority=burglary&period=2025-01/2025-12";

describe("the table of areas", () => {
  it("has every ward, sorted either way by any column", async () => {
    const page = await start(`${burglary}&tab=areas`);
    const served = await asked<Summary>(address, `/summaries/ward?${burglary}`);
    const names = () => page.locator(".row-name").allTextContents();
    await page.locator(".row-name").first().waitFor();
    const byCount = [...served.rows].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
    expect(await names()).toEqual(byCount.map(({ name }) => name));
    await page.getByRole("columnheader", { name: "Rate" }).getByRole("button").click();
    const byRate = [...served.rows].sort((a, b) => (b.rate_per_1000 ?? 0) - (a.rate_per_1000 ?? 0));
    expect(await names()).toEqual(byRate.map(({ name }) => name));
    await page.getByRole("columnheader", { name: "Rate" }).getByRole("button").click();
    expect(await names()).toEqual(byRate.map(({ name }) => name).reverse());
    expect(await page.getByRole("columnheader", { name: "Rate" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
  });

  it("is searched, and saved as CSV", async () => {
    const page = await start(`${burglary}&tab=areas`);
    await page.getByLabel("Filter by name").fill("hale");
    await page.waitForFunction(() => document.querySelectorAll(".row-name").length === 2);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByText("Table as CSV").click(),
    ]);
    const rows = readFileSync(await download.path(), "utf8")
      .trim()
      .split("\n");
    expect(rows.length).toBe(25);
    expect(rows[0]).toContain("rate_per_1000");
  });

  it("filters everything by the ward that is clicked", async () => {
    const page = await start(`${burglary}&tab=areas`);
    const served = await asked<Summary>(address, `/summaries/ward?${burglary}`);
    const row = served.rows.find(({ name }) => name === "Brierley Hill");
    await page.getByRole("button", { name: "Brierley Hill" }).click();
    await addressHas(page, "area", `ward/${row?.code}`);
    await drawn(page);
    expect(await count(page, "chosen")).toBeGreaterThan(0);
    await page.getByRole("tab", { name: "Findings" }).click();
    await page.waitForFunction(
      (wanted) => document.querySelector(".heads dd")?.textContent === String(wanted),
      row?.count,
    );
    const [asking] = await Promise.all([
      page.waitForRequest((request) => request.url().includes("/analysis/seasonality")),
      page.getByRole("tab", { name: "Time" }).click(),
    ]);
    expect(asking.url()).toContain(`within=ward/${row?.code}`);
    await page.goBack();
    await addressHas(page, "area", null);
  });

  it("shows on the map what the pointer is on", async () => {
    const page = await start(`${burglary}&tab=areas`);
    await page.locator(".area-table tbody tr").nth(3).hover();
    await page.waitForFunction(
      () => (window.hotspots.map?.queryRenderedFeatures({ layers: ["chosen"] }).length ?? 0) > 0,
    );
  });
});

describe("the charts", () => {
  it("have the numbers of the service in their tables", async () => {
    const page = await start(`${burglary}&tab=time`);
    await page.waitForFunction(() => document.querySelectorAll(".hour").length === 168);
    const tables = await page
      .locator(".as-table")
      .evaluateAll((all) => all.map((table) => table.querySelectorAll("tbody tr").length));
    expect(tables).toEqual([24, 12, 168]);
    const season = await asked<{ months: { index: number }[] }>(
      address,
      "/analysis/seasonality?priority=burglary&period=2024-01/2025-12",
    );
    const shown = await page
      .locator(".as-table")
      .nth(1)
      .locator("tbody tr td:nth-child(3)")
      .allTextContents();
    expect(shown.map(Number)).toEqual(
      season.months.map(({ index }) => (index >= 100 ? Math.round(index) : Math.round(index * 10) / 10)),
    );
  });

  it("set the period by brushing", async () => {
    const page = await start(`${burglary}&tab=time`);
    await page.locator(".brushed .track").waitFor();
    const track = await page.locator(".brushed .track").boundingBox();
    if (!track) throw new Error("no track");
    const x = (month: number) => track.x + ((month + 0.5) / 24) * track.width;
    await page.mouse.move(x(1), track.y + 5);
    await page.mouse.down();
    await page.mouse.move(x(4), track.y + 5, { steps: 3 });
    await page.mouse.up();
    await addressHas(page, "period", "2024-02/2024-05");
  });

  it("say what cannot be told", async () => {
    const page = await start("priority=antisocial-behaviour&tab=time&period=2025-01");
    await page.locator(".figure").nth(2).waitFor();
    expect(await page.locator(".figure").count()).toBe(3);
  });
});

describe("the ranking", () => {
  it("leads to each hotspot", async () => {
    const page = await start(`${burglary}&tab=places`);
    const served = await asked<HotspotCollection>(address, `/analysis/hotspots?${burglary}&f=geojson`);
    await page.locator(".ranking li").first().waitFor();
    expect(await page.locator(".ranking li").count()).toBe(served.features.length);
    await page.locator(".ranking button").nth(1).click();
    await page.locator(".details", { hasText: "Hotspot 2 of" }).waitFor();
    const peak = served.features[1]?.properties;
    await page.waitForFunction(
      ([lon, lat]) =>
        window.hotspots.map?.getBounds().contains([lon as number, lat as number]) &&
        window.hotspots.map.getZoom() > 12,
      [peak?.peak_lon_deg, peak?.peak_lat_deg] as const,
    );
  });

  it("stands by how concentrated all is", async () => {
    const page = await start(`${burglary}&tab=places`);
    await page.waitForFunction(() => document.querySelector(".lorenz .course")?.getAttribute("d")?.length);
    expect(await page.locator(".panel-body").textContent()).toMatch(
      /Half of all incidents fall on .* of the cells/,
    );
  });
});

describe("the method card", () => {
  it("tells how the map was made, with an address that gives it again", async () => {
    const page = await start(`${burglary}&tab=method`);
    await page.locator(".method").waitFor();
    const text = await page.locator(".method").textContent();
    for (const part of ["Incidents used", "of these made up", "schematic", "2025-01/2025-12"])
      expect(text).toContain(part);
    const link = await page.locator(".method a").first().getAttribute("href");
    expect((await fetch(link ?? "")).ok).toBe(true);
  });
});

describe("the findings", () => {
  it("are sentences with the figures of the service", async () => {
    const page = await start(burglary);
    await page.locator(".findings li").first().waitFor();
    const served = await asked<Summary>(address, `/summaries/ward?${burglary}`);
    expect(await page.locator(".heads dd").first().textContent()).toBe(
      served.method.incidents.used.toLocaleString("en-GB"),
    );
    expect(await page.locator(".findings li").count()).toBeGreaterThanOrEqual(3);
  });
});
