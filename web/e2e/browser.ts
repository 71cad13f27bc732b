import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Hook } from "../src/hook";

export type { Page };

declare global {
  interface Window {
    hotspots: Hook;
  }
}

/** Debian's browser, which draws WebGL without a graphics card. */
const SETTINGS = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-dev-shm-usage",
  ],
};

export const DESK = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** What a page complained of; answers that a test provokes are its own business. */
export interface Watched {
  page: Page;
  faults: string[];
}

let browser: Browser;

/** Opens the browser for the tests of a file. */
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch(SETTINGS);
  });
  afterAll(async () => browser.close());
}

/** Opens the dashboard with a view. */
export async function open(
  address: string,
  query = "",
  settings: BrowserContextOptions = DESK,
): Promise<Watched> {
  return openAt(address, `/dashboard${query && "?"}${query}`, settings);
}

/** Opens any page of the service; an address that is none of its paths is taken as it is. */
export async function openAt(
  address: string,
  path: string,
  settings: BrowserContextOptions = DESK,
): Promise<Watched> {
  const context = await browser.newContext({ acceptDownloads: true, ...settings });
  const page = await context.newPage();
  // Machines that do other work besides draw maps slowly.
  page.setDefaultTimeout(90_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    // What a drawing program without a graphics card says of its speed, and answers that are told apart by status.
    if (message.type() === "error" && !/status of (404|422)|GPU stall/.test(text)) faults.push(text);
  });
  await page.goto(path.startsWith("/") ? address + path : path);
  return { page, faults };
}

/** How a test opens its page; what that complained of by the end of the test is a fault. */
export function onePagePerTest(
  address: string,
): (query?: string, settings?: BrowserContextOptions) => Promise<Page> {
  let watched: Watched | undefined;
  afterEach(async () => {
    const { faults, page } = watched ?? {};
    watched = undefined;
    await page?.context().close();
    expect(faults ?? []).toEqual([]);
  });
  return async (query, settings) => {
    watched = await open(address, query, settings);
    await drawn(watched.page);
    return watched.page;
  };
}

/** Waits until the map has drawn everything that it was given. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { map } = window.hotspots;
    return map?.isStyleLoaded() && map.areTilesLoaded() && !document.querySelector(".waiting.is-on");
  });
  await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));
}

export interface Cell {
  id: string;
  count: number;
  class_number: number;
}

/** The cells or bands that are on a map, each once. */
export async function surface(page: Page, side = 0): Promise<Cell[]> {
  return page.evaluate((number) => {
    const found = window.hotspots.maps[number]?.queryRenderedFeatures({ layers: ["surface", "cells"] }) ?? [];
    const cells = new Map(
      found.map(({ id, properties, state }) => [String(id), { ...properties, ...state }]),
    );
    return [...cells].map(([id, fields]) => {
      const { count, class_number } = fields as { count: number; class_number: number };
      return { id, count, class_number };
    });
  }, side);
}

/** What an area of a layer is filled with, by code. */
export async function fills(
  page: Page,
  layer = "ward",
  side = 0,
): Promise<Record<string, Record<string, unknown>>> {
  return page.evaluate(
    ([name, number]) => {
      const layers = [`areas-${name}`];
      const found = window.hotspots.maps[number as number]?.queryRenderedFeatures({ layers }) ?? [];
      return Object.fromEntries(
        found.map(({ properties, state }) => [String(properties.code), { ...state }]),
      );
    },
    [layer, side] as const,
  );
}

export async function count(page: Page, layer: string, side = 0): Promise<number> {
  return page.evaluate(
    ([name, number]) => {
      const map = window.hotspots.maps[number as number];
      if (!map?.getLayer(name as string)) return 0;
      const found = map.queryRenderedFeatures({ layers: [name as string] });
      return new Set(found.map(({ id, properties }) => properties.id ?? id ?? JSON.stringify(properties)))
        .size;
    },
    [layer, side] as const,
  );
}

export async function asked<T>(address: string, path: string): Promise<T> {
  const answer = await fetch(address + path, {
    headers: { Accept: "application/json, application/geo+json" },
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as T;
}

/** The query of the address bar, once it has settled. */
export async function addressHas(page: Page, name: string, value: string | null): Promise<void> {
  await page.waitForFunction(
    ([key, wanted]) => new URLSearchParams(location.search).get(key as string) === wanted,
    [name, value] as const,
  );
}

/** A point of the page where the map shows a feature of a layer that fits. */
export async function pointOf(page: Page, layer: string, least: number): Promise<{ x: number; y: number }> {
  const at = await page.evaluate(
    ([name, number]) => {
      const { map } = window.hotspots;
      if (!map) return null;
      const box = map.getCanvas().getBoundingClientRect();
      for (let x = 330; x < box.width - 90; x += 9) {
        for (let y = 30; y < box.height - 60; y += 9) {
          const met = map.queryRenderedFeatures([x, y], { layers: [name as string] })[0];
          // Cells reach over the border; what is looked for here lies in a ward.
          const isInside = map.queryRenderedFeatures([x, y], { layers: ["ground-ward"] }).length > 0;
          if (met && isInside && Number(met.properties.count ?? met.state.count) >= (number as number)) {
            return { x: x + box.left, y: y + box.top };
          }
        }
      }
      return null;
    },
    [layer, least] as const,
  );
  if (!at) throw new Error(`the map shows no feature of ${layer} with ${least} or more`);
  return at;
}
