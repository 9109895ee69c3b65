import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BenchRow, benchRow, inTurn, timed } from "../table.ts";
import { startEndpoints, startLateService } from "./endpoints.ts";
import { buildSmoke, ourRunners } from "./our-runners.ts";
import { type Peer, peers } from "./peers.ts";
import { peakMegabytes, type Runner, timeRun } from "./runner.ts";

const RUNS = 9;

/** Kept between runs: peers are fetched once. */
const cache = fileURLToPath(new URL("../../../../.slipway/bench", import.meta.url));

/**
 * Three endpoints checked for health and one version, as whole processes: beside the slowest endpoint, and
 * beside other tools that check the same. Then how soon a service is noticed that gets well after 3.3 s, and how much
 * memory it takes. Peers that cannot be had here are named on stderr and left out.
 */
export async function benchSmoke(): Promise<BenchRow[]> {
  mkdirSync(cache, { recursive: true });
  // Inside the repository, so that the peers find their packages.
  const folder = mkdtempSync(join(cache, "smoke-"));
  try {
    buildSmoke();
    const ours = ourRunners(folder);
    const others = peers(folder, cache).filter(isHere);
    return [
      ...(await besideSlowest(ours)),
      ...(await besidePeers("0 ms", 0, ours, others)),
      ...(await besidePeers("100 ms", 100, ours, others)),
      await noticed(ours.node),
      await memory(ours.deno),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isHere(peer: Peer): peer is Runner {
  if ("command" in peer) return true;
  console.error(`left out: ${peer.name}: ${peer.leftOut}`);
  return false;
}

type Ours = ReturnType<typeof ourRunners>;

async function besideSlowest(ours: Ours): Promise<BenchRow[]> {
  const endpoints = await startEndpoints(100);
  const paths = ["healthz", "meta", "openapi.json"].map((path) => `${endpoints.url}/${path}`);
  const slowest = () => timed(() => Promise.all(paths.map(async (path) => (await fetch(path)).text())));
  const row = async (name: string, runner: Runner, budget: number | null) => {
    const samples = await inTurn(RUNS, () => timeRun(runner, endpoints.url), slowest);
    return benchRow(name, samples.ours, { name: "slowest endpoint", samples: samples.peer }, budget);
  };
  const rows = [
    await row("Deno, 3 endpoints at 100 ms", ours.deno, 1.35),
    await row("Deno, the same from the sources", ours.denoSources, null),
    await row("Node, 3 endpoints at 100 ms", ours.node, 2),
    await row("Node, the same from the sources", ours.nodeSources, null),
  ];
  await endpoints.close();
  return rows;
}

/** hurl is a small binary that starts in a hundredth of a second; beside it we are only shown. */
const budgets: Readonly<Record<string, number>> = { newman: 1, vitest: 1, deno: 1 };

async function besidePeers(
  what: string,
  delayMs: number,
  ours: Ours,
  others: readonly Runner[],
): Promise<BenchRow[]> {
  const endpoints = await startEndpoints(delayMs);
  const rows: BenchRow[] = [];
  for (const peer of others) {
    const [runtime, mine] =
      peer.name === "deno test" ? (["Deno", ours.deno] as const) : (["Node", ours.node] as const);
    const samples = await inTurn(
      RUNS,
      () => timeRun(mine, endpoints.url),
      () => timeRun(peer, endpoints.url),
    );
    const budget = delayMs === 0 ? (budgets[peer.name.split(" ")[0]!] ?? null) : null;
    rows.push(
      benchRow(
        `${runtime}, 3 endpoints at ${what}`,
        samples.ours,
        { name: peer.name, samples: samples.peer },
        budget,
      ),
    );
  }
  await endpoints.close();
  return rows;
}

async function noticed(runner: Runner): Promise<BenchRow> {
  const lags: number[] = [];
  for (let run = 0; run < 3; run++) {
    const service = await startLateService(1_500, 3_300);
    await timeRun(runner, service.url);
    lags.push(performance.now() - service.wellAt());
    await service.close();
  }
  return benchRow("noticed after it got well, at 3.3 s", lags, { name: "allowed", samples: [300] }, 1);
}

async function memory(runner: Runner): Promise<BenchRow> {
  const endpoints = await startEndpoints(100);
  const peaks = [await peakMegabytes(runner, endpoints.url), await peakMegabytes(runner, endpoints.url)];
  await endpoints.close();
  return benchRow("memory under Deno, in MB", peaks, { name: "allowed", samples: [60] }, 1);
}
