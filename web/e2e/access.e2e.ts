import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, inject, it } from "vitest";
import { DESK, drawn, open, PHONE, withBrowser } from "./browser";

withBrowser();
const address = inject("address");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds of WCAG 2.2 A and AA and of best practice. */
async function findings(page: Awaited<ReturnType<typeof open>>["page"]): Promise<string[]> {
  // Evaluated, not added as a script: the page's policy holds for tests as well.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations;
  });
  return found.map(
    ({ id, impact, nodes }) =>
      `${impact} ${id}: ${nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)
        .join(" | ")}`,
  );
}

const views: [name: string, query: string, settings: Parameters<typeof open>[2]][] = [
  ["findings, light", "priority=burglary", DESK],
  ["findings, dark", "priority=burglary", { ...DESK, colorScheme: "dark" }],
  ["areas with a ward chosen", "priority=burglary&tab=areas&show=areas&area=ward/E05001239", DESK],
  ["areas, dark", "priority=burglary&tab=areas&show=areas&style=change", { ...DESK, colorScheme: "dark" }],
  ["time", "priority=burglary&tab=time", DESK],
  ["places with two maps", "priority=burglary&tab=places&maps=side", DESK],
  ["method with the swipe", "priority=burglary&tab=method&maps=swipe", { ...DESK, colorScheme: "dark" }],
  ["a phone", "priority=burglary", PHONE],
];

describe("axe finds nothing in", () => {
  it.each(views)("%s", async (_, query, settings) => {
    const { page, faults } = await open(address, query, settings);
    await drawn(page);
    await page.waitForTimeout(500);
    if (settings === PHONE) await page.getByRole("tab", { name: "Areas" }).click();
    expect(await findings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("the sheets and the dialogue", async () => {
    const { page } = await open(address, "priority=burglary");
    await drawn(page);
    await page.getByRole("button", { name: "Share and export" }).click();
    await page.locator(".sheet").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Upload" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });
});

describe("the keyboard", () => {
  it("reaches every control, and shows where it is", async () => {
    const { page } = await open(address, "priority=burglary");
    await drawn(page);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
    const reached = new Set<string>();
    for (let step = 0; step < 90; step++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle, opacity } = getComputedStyle(element);
        const around = element.closest("label");
        const isSeen =
          outlineStyle !== "none" ||
          (opacity === "0" && around && getComputedStyle(around).outlineStyle !== "none");
        return `${isSeen ? "" : "unseen "}${element.tagName} ${element.getAttribute("aria-label") ?? element.getAttribute("name") ?? element.textContent?.trim().slice(0, 30)}`;
      });
      if (name === null) break;
      reached.add(name);
    }
    const all = [...reached];
    expect(all.filter((name) => name.startsWith("unseen"))).toEqual([]);
    for (const wanted of [
      "Find a ward",
      "maps",
      "Upload",
      "Share",
      "surface",
      "style",
      "Zoom in",
      "Play",
      "Period",
      "First month",
      "Last month",
      "Findings",
    ]) {
      expect(
        all.some((name) => name.includes(wanted)),
        `${wanted} in ${all.join(", ")}`,
      ).toBe(true);
    }
    await page.context().close();
  });

  it("goes through the tabs by arrows", async () => {
    const { page } = await open(address, "priority=burglary");
    await page.getByRole("tab", { name: "Findings" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "Areas" }).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    expect(await page.getByRole("tab", { name: "Method" }).getAttribute("aria-selected")).toBe("true");
    await page.context().close();
  });
});
