import { defineConfig } from "vitest/config";

/** The page against the built program: one browser, one after the other. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: ["e2e/setup.ts"],
    fileParallelism: false,
    // A browser on a machine that does other work may be late once; twice is a fault.
    retry: 1,
    testTimeout: 300_000,
    hookTimeout: 240_000,
  },
});
