import { Agent, request } from "node:http";

/** One kind of request that the load consists of. */
export interface LoadRequest {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
}

/** An answer that arrived whole. */
export interface LoadResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What to ask, and how much of it. */
export interface LoadOptions {
  /** A loopback address, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Clients that ask one after the other, each on its own kept-alive connection. Default 8. */
  readonly concurrency?: number;
  /** Requests per second of all clients together; as fast as they are answered when left out. */
  readonly ratePerSecond?: number;
  /** Asked in turn. Default: `GET /`. */
  readonly requests?: readonly LoadRequest[];
  /** Whether an answer is right. Default: status 200 to 399. */
  readonly check?: (response: LoadResponse, asked: LoadRequest) => boolean;
  /** Which version answered. Default: `version` of a JSON body, or else the header `x-slipway-instance`. */
  readonly versionOf?: (response: LoadResponse) => string | undefined;
  /** An answer that takes longer is a drop, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number;
  /** The load ends by itself after so many seconds. Default 60, at most 300. */
  readonly maxSeconds?: number;
}

/** What came of a load. */
export interface LoadReport {
  readonly sent: number;
  readonly ok: number;
  /** Requests without a whole and right answer in time: `sent - ok`. */
  readonly dropped: number;
  /** Right answers by the version that gave them. */
  readonly byVersion: Readonly<Record<string, number>>;
  /** Why requests were dropped, and how often. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Milliseconds from sending to the last byte, of the right answers. */
  readonly p50: number;
  readonly p99: number;
}

/** A load that is under way. */
export interface Load {
  /** Right answers until now, by version: to wait for a switch to show. */
  byVersion(): Readonly<Record<string, number>>;
  /** Sends nothing more, waits for the answers that are due, and reports. */
  stop(): Promise<LoadReport>;
}

/**
 * Sends requests until stopped, as clients in the field do: over kept-alive connections, with bodies, each
 * answer read to its end and judged. Only loopback is allowed: this is no tool against other people's hosts.
 *
 * @example
 * const load = startLoad({ url: "http://127.0.0.1:8080", requests: [{ path: "/" }, { path: "/echo", method: "POST", body: "x" }] });
 * // … switch …
 * const { dropped } = await load.stop(); // 0
 */
export function startLoad(options: LoadOptions): Load {
  const { url, concurrency = 8, ratePerSecond, requests = [{ path: "/" }], timeoutMs = 10_000 } = options;
  const { check = isGood, versionOf = versionFromBody, maxSeconds = 60 } = options;
  if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(url))
    throw new RangeError(`not a loopback address: ${url}`);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const begun = performance.now();
  const deadline = begun + Math.min(maxSeconds, 300) * 1000;
  const latencies: number[] = [];
  const versions: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  let sent = 0;
  let stopped = false;

  async function client(): Promise<void> {
    while (!stopped && performance.now() < deadline) {
      const turn = sent++;
      if (ratePerSecond !== undefined) await until(begun + (turn * 1000) / ratePerSecond);
      const asked = requests[turn % requests.length] ?? { path: "/" };
      const start = performance.now();
      try {
        const response = await ask(url, asked, agent, timeoutMs);
        if (!check(response, asked)) throw new Error(`${asked.path} answered ${response.status}`);
        latencies.push(performance.now() - start);
        const version = versionOf(response) ?? "unknown";
        versions[version] = (versions[version] ?? 0) + 1;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
    }
  }

  const clients = Promise.all(Array.from({ length: concurrency }, client));
  return {
    byVersion: () => ({ ...versions }),
    async stop() {
      stopped = true;
      await clients;
      agent.destroy();
      latencies.sort((a, b) => a - b);
      const ok = latencies.length;
      const p50 = quantile(latencies, 0.5);
      return {
        sent,
        ok,
        dropped: sent - ok,
        byVersion: versions,
        reasons,
        p50,
        p99: quantile(latencies, 0.99),
      };
    },
  };
}

function ask(
  url: string,
  { path, method = "GET", body }: LoadRequest,
  agent: Agent,
  timeoutMs: number,
): Promise<LoadResponse> {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method, agent, signal: AbortSignal.timeout(timeoutMs) });
    asked.on("error", reject);
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.end(body);
  });
}

function isGood({ status }: LoadResponse): boolean {
  return status >= 200 && status < 400;
}

function versionFromBody({ body, headers }: LoadResponse): string | undefined {
  try {
    const { version } = JSON.parse(body) as { version?: unknown };
    if (typeof version === "string") return version;
  } catch {
    // No JSON: the router's header says who answered.
  }
  const instance = headers["x-slipway-instance"];
  return typeof instance === "string" ? instance : undefined;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function until(time: number): Promise<void> {
  const wait = time - performance.now();
  return wait <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, wait));
}
