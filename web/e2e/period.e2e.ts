import { describe, expect, inject, it } from "vitest";
import type { Summary, Trend } from "../src/api/types";
import { addressHas, asked, drawn, fills, onePagePerTest, surface, withBrowser } from "./browser";

withBrowser();
const address = inject("address");
const start = onePagePerTest(address);

const sum = (cells: { count: number }[]) => cells.reduce((total, { count }) => total + count, 0);

describe("the period", () => {
  it("is stepped by buttons, and the map and the figures go along", async () => {
    const page = await start("priority=burglary&period=2025-06&over=");
    const trend = await asked<Trend>(
      address,
      "/analysis/trend/ward?priority=burglary&period=2024-01/2025-12",
    );
    const counted = (month: string) => trend.total.counts[trend.months.indexOf(month)];
    expect(sum(await surface(page))).toBe(counted("2025-06"));
    await page.getByLabel("One month on").click();
    await addressHas(page, "period", "2025-07");
    await drawn(page);
    await page.waitForFunction(() => document.querySelector(".period-name")?.textContent === "Jul 2025");
    expect(sum(await surface(page))).toBe(counted("2025-07"));
    await page.waitForFunction(
      (wanted) => document.querySelector(".heads dd")?.textContent === String(wanted),
      counted("2025-07"),
    );
    await page.getByLabel("Back to the priority's own period").click();
    await addressHas(page, "period", null);
  });

  it("is set by the keyboard on its window and its edges", async () => {
    const page = await start("priority=burglary&period=2025-01/2025-06");
    const timeline = page.locator(".timeline");
    await timeline.getByRole("slider", { name: "Period" }).focus();
    await page.keyboard.press("ArrowLeft");
    await addressHas(page, "period", "2024-12/2025-05");
    await page.keyboard.press("End");
    await addressHas(page, "period", "2025-07/2025-12");
    await timeline.getByRole("slider", { name: "First month" }).focus();
    await page.keyboard.press("PageDown");
    await addressHas(page, "period", "2024-07/2025-12");
    await timeline.getByRole("slider", { name: "Last month" }).focus();
    await page.keyboard.press("ArrowLeft");
    await addressHas(page, "period", "2024-07/2025-11");
    expect(await timeline.getByRole("slider", { name: "Last month" }).getAttribute("aria-valuetext")).toBe(
      "November 2025",
    );
  });

  it("is dragged, and drawn out anew", async () => {
    const page = await start("priority=burglary&period=2025-01/2025-06");
    const track = await page.locator(".timeline .track").boundingBox();
    if (!track) throw new Error("no track");
    const x = (month: number) => track.x + ((month + 0.5) / 24) * track.width;
    const y = track.y + track.height / 2;
    await page.mouse.move(x(14), y);
    await page.mouse.down();
    await page.mouse.move(x(16), y, { steps: 4 });
    await page.mouse.up();
    await addressHas(page, "period", "2025-03/2025-08");
    await page.mouse.move(x(2), y);
    await page.mouse.down();
    await page.mouse.move(x(5), y, { steps: 4 });
    await page.mouse.up();
    await addressHas(page, "period", "2024-03/2024-06");
  });

  it("has the length that is chosen", async () => {
    const page = await start("priority=burglary");
    await page.getByLabel("Length", { exact: true }).selectOption("3");
    await addressHas(page, "period", "2025-10/2025-12");
  });

  it("plays, month by month, and stops", async () => {
    const page = await start("priority=burglary&period=2024-01/2024-03");
    await page.getByRole("button", { name: "Play months" }).click();
    await addressHas(page, "period", "2024-03/2024-05");
    await page.getByRole("button", { name: "Pause" }).click();
    const stopped = await page.locator(".period-name").textContent();
    await page.waitForTimeout(1500);
    expect(await page.locator(".period-name").textContent()).toBe(stopped);
  });

  it("is compared with what is chosen", async () => {
    const page = await start("priority=burglary&period=2025-07/2025-12&show=areas&style=change");
    for (const compare of ["before", "year-before"]) {
      await page.getByLabel("Compared with").selectOption(compare);
      await drawn(page);
      const served = await asked<Summary>(
        address,
        `/summaries/ward?priority=burglary&period=2025-07/2025-12&compare=${compare}`,
      );
      await page.waitForFunction(
        ([code, change]) => {
          const found = window.hotspots.map?.queryRenderedFeatures({ layers: ["areas-ward"] });
          return found?.find(({ properties }) => properties.code === code)?.state.change === change;
        },
        [served.rows[0]?.code, served.rows[0]?.change] as const,
      );
      const filled = await fills(page);
      for (const row of served.rows) expect(filled[row.code]?.change).toBe(row.change);
    }
    await page.getByLabel("Compared with").selectOption("own");
    await page.getByLabel("First month of the comparison").selectOption({ label: "February 2024" });
    await addressHas(page, "compare", "2024-02/2024-07");
    await page.getByLabel("Compared with").selectOption("none");
    await page.waitForFunction(() =>
      document.querySelector(".heads")?.textContent?.includes("No comparison"),
    );
  });

  it("says so where the comparison is not held", async () => {
    const page = await start("priority=burglary&period=2024-01/2024-06&compare=before");
    expect(await page.getByRole("img", { name: /comparison period is not held whole/ }).count()).toBe(1);
  });
});
