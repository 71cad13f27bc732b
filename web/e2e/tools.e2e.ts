import { readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import {
  addressHas,
  count,
  DESK,
  drawn,
  onePagePerTest,
  PHONE,
  surface,
  type Page,
  withBrowser,
} from "./browser";

withBrowser();
const address = inject("address");
const start = onePagePerTest(address);

const view = (page: Page) =>
  page.evaluate(() => ({
    zoom: window.hotspots.map?.getZoom() ?? 0,
    centre: window.hotspots.map?.getCenter().toArray() ?? [],
  }));

describe("finding the way", () => {
  it("finds a ward by its name and filters by it", async () => {
    const page = await start();
    const box = page.getByRole("combobox", { name: /Find a ward/ });
    await box.fill("brier");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    expect(await page.getByRole("listbox").getByRole("option").first().textContent()).toContain(
      "Brierley Hill",
    );
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => new URLSearchParams(location.search).get("area")?.startsWith("ward/"));
    await page.waitForFunction(() => (window.hotspots.map?.getZoom() ?? 0) > 12.5);
    await box.fill("xyzzy");
    await page.getByText("Nothing found for").waitFor();
  });

  it("zooms, and comes back to the whole borough", async () => {
    const page = await start();
    const before = await view(page);
    await page.getByLabel("Zoom in").click();
    await page.waitForFunction((zoom) => (window.hotspots.map?.getZoom() ?? 0) > zoom + 0.9, before.zoom);
    await page.getByLabel("Zoom out").click();
    await page.waitForFunction(
      (zoom) => Math.abs((window.hotspots.map?.getZoom() ?? 0) - zoom) < 0.01,
      before.zoom,
    );
    await page.getByLabel("Zoom in").click();
    await page.getByLabel("Show the whole borough").click();
    await page.waitForFunction(
      (zoom) => Math.abs((window.hotspots.map?.getZoom() ?? 0) - zoom) < 0.05,
      before.zoom,
    );
  });

  it("shows where the reader is, when that is here", async () => {
    const page = await start("", {
      ...DESK,
      geolocation: { longitude: -2.09, latitude: 52.51 },
      permissions: ["geolocation"],
    });
    await page.getByLabel("Where am I?").click();
    await page.waitForFunction(
      () => (window.hotspots.map?.queryRenderedFeatures({ layers: ["pin"] }).length ?? 0) > 0,
    );
    await page.context().setGeolocation({ longitude: 0, latitude: 51.5 });
    await page.getByLabel("Where am I?").click();
    await page.getByText("You are outside the area").waitFor();
  });

  it("fills the screen", async () => {
    const page = await start();
    await page.getByLabel("Full screen").click();
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.getByLabel("Leave full screen").click();
    await page.waitForFunction(() => document.fullscreenElement === null);
  });

  it("is moved by the keyboard, and tells what lies at the middle", async () => {
    const page = await start();
    await page.locator(".pane canvas").focus();
    const before = await view(page);
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      (lon) => (window.hotspots.map?.getCenter().lng ?? 0) > lon,
      before.centre[0] as number,
    );
    await page.keyboard.press("Enter");
    await page.locator(".details").waitFor();
  });
});

describe("taking it away", () => {
  it("saves a picture with title, legend and what has to be known", async () => {
    const page = await start("priority=burglary");
    await page.getByRole("button", { name: "Share and export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByText("Picture (PNG)").click(),
    ]);
    expect(download.suggestedFilename()).toBe("burglary-2025-01-2025-12.png");
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(bytes.length).toBeGreaterThan(60_000);
    expect(bytes.readUInt32BE(20)).toBeGreaterThan(800);
  });

  it("prints the map as a picture", async () => {
    const page = await start("priority=burglary");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const image = page.locator(".paper img");
    await image.waitFor();
    expect(
      await image.evaluate((element) =>
        (element as HTMLImageElement).decode().then(() => (element as HTMLImageElement).naturalWidth),
      ),
    ).toBeGreaterThan(900);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await image.count()).toBe(0);
  });

  it("offers the layer as files that are there, and the address for QGIS", async () => {
    const page = await start("priority=burglary&show=areas&style=change&compare=before");
    await page.getByRole("button", { name: "Share and export" }).click();
    expect(await page.locator(".sheet code").textContent()).toBe(address);
    const files = await page
      .locator(".sheet .ways a")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) expect((await fetch(file)).ok, file).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator(".sheet").count()).toBe(0);
  });

  it("copies the address of the view, which opens the same view", async () => {
    const page = await start("priority=burglary&show=density", {
      ...DESK,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByLabel("Zoom in").click();
    await page.waitForFunction(() => new URLSearchParams(location.search).has("at"));
    await page.getByRole("button", { name: "Share and export" }).click();
    await page.getByText("Copy the address of this view").click();
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const here = await view(page);
    await page.goto(copied);
    await drawn(page);
    const there = await view(page);
    expect(there.zoom).toBeCloseTo(here.zoom, 1);
    expect(there.centre[0]).toBeCloseTo(here.centre[0] as number, 4);
    expect((await surface(page)).every(({ id }) => id.startsWith("band-"))).toBe(true);
  });
});

describe("going back", () => {
  it("undoes what was chosen, step by step", async () => {
    const page = await start();
    await page.getByLabel("Priority").first().selectOption("burglary");
    await addressHas(page, "priority", "burglary");
    await page.locator("label", { hasText: /^Areas$/ }).click();
    await addressHas(page, "show", "areas");
    await page.goBack();
    await addressHas(page, "show", null);
    await drawn(page);
    expect(await count(page, "cells")).toBeGreaterThan(0);
    await page.goBack();
    await addressHas(page, "priority", null);
  });
});

describe("a phone", () => {
  it("has everything, and nothing beyond its edges", async () => {
    const page = await start("", PHONE);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await page.getByRole("tab", { name: "Areas" }).click();
    await page.locator(".panel.is-open").waitFor();
    await page.locator(".row-name").first().waitFor();
    await page.getByRole("button", { name: "Hide figures" }).click();
    await page.locator(".layer-toggle").click();
    await page.locator("label", { hasText: /^Density$/ }).click();
    await addressHas(page, "show", "density");
  });
});
