import { createReadStream, existsSync } from "node:fs";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/**
 * Serves the built page before the program, with the policy that the program sends, for a program that does not have
 * the page in itself. One that has it is asked directly.
 */
const BUILT = join(import.meta.dirname, "../dist");

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The program closes connections that rest; one for each request cannot meet that. */
const DIRECT = new Agent({ keepAlive: false });

function pass(asked: IncomingMessage, answer: ServerResponse, program: URL): void {
  const onward = request(
    {
      host: program.hostname,
      port: program.port,
      agent: DIRECT,
      method: asked.method,
      path: asked.url,
      headers: { ...asked.headers, host: program.host },
    },
    (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    },
  );
  onward.on("error", () => answer.writeHead(502).end());
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
}

export interface Front {
  address: string;
  /** Cuts the program off, or lets it be reached again. */
  reach: (isReached: boolean) => void;
  stop: () => void;
}

export async function front(program: string): Promise<Front> {
  const behind = new URL(program);
  const hasPage = (await fetch(`${program}/dashboard`)).ok;
  let isReached = true;
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? "/", program).pathname;
    const file = path === "/dashboard" ? "index.html" : normalize(path.replace(/^\/dashboard\//, ""));
    const built = join(BUILT, file);
    if (hasPage && isReached) pass(asked, answer, behind);
    else if (path === "/dashboard" || (path.startsWith("/dashboard/assets/") && existsSync(built))) {
      answer.setHeader("Content-Type", TYPES[extname(file)] ?? "text/html; charset=utf-8");
      if (file === "index.html") answer.setHeader("Content-Security-Policy", POLICY);
      createReadStream(built).pipe(answer);
    } else if (isReached) pass(asked, answer, behind);
    else asked.socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    reach: (now) => (isReached = now),
    stop: () => server.close(),
  };
}
