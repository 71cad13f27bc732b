import type { TestProject } from "vitest/node";
import { front } from "./page";
import { serve } from "./program";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the page is, with the made-up city in its store. */
    address: string;
  }
}

/** One program for all tests that only read. */
export default async function setup(project: TestProject): Promise<() => void> {
  const program = await serve("--demonstration");
  const page = await front(program.address);
  project.provide("address", page.address);
  return () => {
    page.stop();
    program.stop();
  };
}
