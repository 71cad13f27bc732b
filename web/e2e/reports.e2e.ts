import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, inject, it } from "vitest";
import { asked, DESK, openAt, withBrowser } from "./browser";

withBrowser();
const address = inject("address");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The text of an A4 page with the margins of reports, in pixels of 1/96 inch. */
const A4 = { width: 680, height: 980 };

const REPORTS = [
  "/priorities/burglary/profile?f=html",
  "/priorities/all-incidents/profile?f=html",
  "/priorities/burglary/profile?f=html&period=1950-01/1950-12",
  "/assessment?f=html",
];

interface Finding {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

describe.each(REPORTS)("the report %s", (report) => {
  it("has nothing that axe finds, and asks for nothing", async () => {
    const requests: string[] = [];
    const { page, faults } = await openAt(address, "about:blank", DESK);
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address + report);
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Finding[] }> } };
      return (await axe.run()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
      );
    });
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.endsWith("/favicon.ico"))).toEqual([address + report]);
    await page.context().close();
  });

  it("prints on A4 with nothing cut off", async () => {
    const { page } = await openAt(address, report, { viewport: A4 });
    await page.emulateMedia({ media: "print" });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("table, figure, svg, dl, h1, h2")]
        .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map((part) => `${part.tagName} ${part.textContent.slice(0, 40)}`),
    );
    expect(cut).toEqual([]);
    // Rows, pictures and findings stay whole, and heads of tables come again on every page.
    const broken = await page.evaluate(
      () =>
        [...document.querySelectorAll("tr, figure, .findings li")].filter(
          (part) => getComputedStyle(part).breakInside !== "avoid",
        ).length,
    );
    expect(broken).toBe(0);
    const heads = await page.evaluate(
      () =>
        [...document.querySelectorAll("thead")].filter(
          (head) => getComputedStyle(head).display !== "table-header-group",
        ).length,
    );
    expect(heads).toBe(0);
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
    await page.context().close();
  });
});

it("a report shows the figures of the service", async () => {
  interface Profile {
    figures: { count: number };
    findings: { text: string }[];
    tables: Record<string, { rows: { name: string; count: number }[] }>;
  }
  const profile = await asked<Profile>(address, "/priorities/burglary/profile?f=json");
  const { page } = await openAt(address, "/priorities/burglary/profile?f=html", DESK);
  const said = await page.locator(".findings li").allTextContents();
  expect(said).toEqual(profile.findings.map(({ text }) => text));
  const shown = await page.locator(".figures dd").first().textContent();
  expect(shown).toContain(profile.figures.count.toLocaleString("en-GB"));
  const rows = await page
    .locator("#areas-ward tbody tr")
    .evaluateAll((all) => all.map((row) => [row.children[0]?.textContent, row.children[1]?.textContent]));
  const expected = profile.tables["areas-ward"]?.rows.map(({ name, count }) => [
    name,
    count.toLocaleString("en-GB"),
  ]);
  expect(rows).toEqual(expected);
  await page.context().close();
});
