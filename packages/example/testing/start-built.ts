import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@slipway/toolchain/testing";

/** A built service of the example, running. */
export interface RunningService {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it wrote so far. */
  log(): string;
  /** Asks for JSON; a body makes it a POST unless a method is given. */
  ask(path: string, options?: { method?: string; body?: unknown }): Promise<{ status: number; body: Json }>;
  /** Ends it politely and gives its exit code. */
  stop(): Promise<number | null>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely by tests
type Json = any;

/** Builds services of the example once each, and starts them against a database. */
export interface BuiltShop {
  start(
    service: "api" | "storefront",
    version: string,
    databaseUrl: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<RunningService>;
  /** The folder of a build. */
  folder(service: string, version: string): string;
  remove(): void;
}

const READY_MS = 60_000;

/** Makes a folder for builds; everything is built when it is first started. */
export function builtShop(): BuiltShop {
  const folder = mkdtempSync(join(tmpdir(), "slipway-shop-"));
  const built = new Map<string, string>();

  function build(service: string, version: string): string {
    const key = `${service}-${version}`;
    const output = built.get(key) ?? join(folder, key);
    if (built.has(key)) return output;
    mkdirSync(output);
    execFileSync(process.execPath, [
      fileURLToPath(new URL("../build.ts", import.meta.url)),
      service,
      version,
      output,
    ]);
    const stamp = { service, version, commit: "0".repeat(40), digest: `sha256:${"0".repeat(64)}` };
    writeFileSync(join(output, "slipway-build.json"), JSON.stringify(stamp));
    built.set(key, output);
    return output;
  }

  return {
    folder: build,
    async start(service, version, databaseUrl, env = {}) {
      const port = await freePort();
      const child = spawn(process.execPath, ["server.mjs"], {
        cwd: build(service, version),
        env: { PATH: process.env.PATH, PORT: String(port), DATABASE_URL: databaseUrl, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const running = runningService(child, `http://127.0.0.1:${port}`);
      await untilAlive(running);
      return running;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runningService(child: ChildProcess, url: string): RunningService {
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    url,
    process: child,
    log: () => log,
    async ask(path, { method, body } = {}) {
      const response = await fetch(url + path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
      return { status: response.status, body: isJson && text !== "" ? JSON.parse(text) : text };
    },
    stop() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

async function untilAlive(service: RunningService): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const alive = await service.ask("/healthz").then(
      ({ status }) => status === 200,
      () => false,
    );
    if (alive) return;
    if (service.process.exitCode !== null || Date.now() > deadline)
      throw new Error(`does not start: ${service.log()}`);
    await sleep(25);
  }
}
