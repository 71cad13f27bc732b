import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The built program with a store of its own, on a port of its own. */
export interface Program {
  address: string;
  stop: () => void;
}

const PROGRAM = resolve(import.meta.dirname, process.env.HOTSPOTS ?? "../../target/debug/hotspots");
/** Boundaries are read from the folder of the project. */
const PROJECT = resolve(import.meta.dirname, "../..");

function addressOf(started: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = "";
    const listen = (part: Buffer) => {
      said += part.toString();
      const address = /Serving on (http:\/\/\S+)/.exec(said)?.[1];
      if (address) done(address.replace(/[/.]+$/, ""));
    };
    started.stdout?.on("data", listen);
    started.stderr?.on("data", listen);
    started.once("error", fail);
    started.once("exit", (code) => fail(new Error(`the program ended with ${code}: ${said}`)));
  });
}

export async function serve(...settings: string[]): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "hotspots-e2e-"));
  const store = join(folder, "incidents.gpkg");
  const started = spawn(PROGRAM, ["serve", "--address", "127.0.0.1:0", "--store", store, ...settings], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const address = await addressOf(started);
  return {
    address,
    stop: () => {
      started.removeAllListeners("exit");
      started.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
