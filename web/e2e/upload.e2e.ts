import { readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Landing } from "../src/api/types";
import { asked, drawn, open, surface, withBrowser, type Watched } from "./browser";
import { front, type Front } from "./page";
import { serve, type Program } from "./program";

withBrowser();
let program: Program;
let page: Front;
let watched: Watched;

beforeAll(async () => {
  program = await serve();
  page = await front(program.address);
});
afterAll(() => {
  page.stop();
  program.stop();
});
beforeEach(() => {
  return async () => watched.page.context().close();
});

const HEAD =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context";
const row = (number: number, month: string, lon: number | string, lat: number | string) =>
  `id${number},${month},West Midlands Police,West Midlands Police,${lon},${lat},On or near High Street,E01,Dudley 001A,Burglary,,`;

function month(text: string, many: number): string {
  const rows = Array.from({ length: many }, (_, at) =>
    row(at, text, -2.09 + (at % 20) * 0.0004, 52.51 + (at % 13) * 0.0003),
  );
  return [HEAD, ...rows].join("\n");
}

const csv = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

describe("an empty service", () => {
  it("says what to do, takes a file with faults, and shows the rest", async () => {
    watched = await open(page.address);
    const { page: here } = watched;
    await here.getByText("There are no incidents yet").waitFor();
    await here.getByRole("button", { name: "Upload incidents" }).first().click();
    const broken = [
      month("2025-11", 120),
      row(900, "2025-11", "far", 52.5),
      row(901, "2025-13", -2.09, 52.5),
      row(902, "2025-11", "", ""),
    ];
    await here
      .locator("input[type=file]")
      .setInputFiles(csv("2025-11-west-midlands-street.csv", broken.join("\n")));
    const one = here.locator(".one.is-done");
    await one.waitFor();
    const figures = Object.fromEntries(
      await one
        .locator(".figures > div")
        .evaluateAll((all) =>
          all.map((figure) => [
            figure.querySelector("dt")?.textContent ?? "",
            Number(figure.querySelector("dd")?.textContent),
          ]),
        ),
    );
    expect(figures).toMatchObject({
      "Rows read": 123,
      Taken: 121,
      Rejected: 2,
      "Located in the borough": 120,
      "Without a position": 1,
    });
    expect(await one.locator("table tbody tr").count()).toBe(2);
    const [download] = await Promise.all([
      here.waitForEvent("download"),
      one.getByText("Download all").click(),
    ]);
    expect(readFileSync(await download.path(), "utf8")).toContain("id900");
    await here.getByRole("button", { name: "Show on the map" }).click();
    await drawn(here);
    await here.waitForFunction(
      () => (window.hotspots.map?.queryRenderedFeatures({ layers: ["cells"] }).length ?? 0) > 0,
    );
    const counted = async () => (await surface(here)).reduce((sum, { count }) => sum + count, 0);
    await expect.poll(counted, { timeout: 20_000 }).toBe(120);
  });

  it("takes a zip of months, and tells of files that hold none", async () => {
    watched = await open(page.address);
    const { page: here } = watched;
    await drawn(here);
    await here.getByRole("button", { name: "Upload" }).click();
    const zip = zipSync({
      "2025-09/2025-09-west-midlands-street.csv": strToU8(month("2025-09", 40)),
      "2025-10/2025-10-west-midlands-street.csv": strToU8(month("2025-10", 50)),
      "2025-10/2025-10-west-midlands-outcomes.csv": strToU8("Crime ID,Month\n"),
    });
    await here
      .locator("input[type=file]")
      .setInputFiles({ name: "archive.zip", mimeType: "application/zip", buffer: Buffer.from(zip) });
    await here.locator(".one.is-done").waitFor();
    expect(await here.locator(".one").textContent()).toMatch(/Rows read90.*Files \(2\).*Passed over \(1\)/s);
    await here.getByRole("button", { name: "Show on the map" }).click();
    await here.waitForFunction(() => document.querySelectorAll(".timeline .month-bar").length === 3);
  });

  it("takes files that are dropped, and refuses what it cannot read", async () => {
    watched = await open(page.address);
    const { page: here } = watched;
    await drawn(here);
    await here.getByRole("button", { name: "Upload" }).click();
    const data = await here.evaluateHandle(
      (text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], "2025-12-west-midlands-street.csv", { type: "text/csv" }));
        transfer.items.add(new File(["x"], "notes.docx"));
        return transfer;
      },
      month("2025-12", 30),
    );
    await here.locator(".drop").dispatchEvent("drop", { dataTransfer: data });
    await here.locator(".one.is-done").waitFor();
    expect(await here.getByRole("alert").textContent()).toContain("notes.docx is not a kind of file");
    await here.keyboard.press("Escape");
    const landing = await asked<Landing>(program.address, "/?f=json");
    expect(landing.last_month).toBe("2025-12");
  });

  it("says so when nothing of a file could be read", async () => {
    watched = await open(page.address);
    const { page: here } = watched;
    await drawn(here);
    await here.getByRole("button", { name: "Upload" }).click();
    await here.locator("input[type=file]").setInputFiles(csv("colours.csv", "colour,size\nred,2\n"));
    await here.locator(".one.is-failed").waitFor();
    expect(await here.locator(".one.is-failed").textContent()).toContain("Not imported");
  });
});
