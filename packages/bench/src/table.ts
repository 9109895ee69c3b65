/** Several measurements of one thing, in milliseconds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One line of a benchmark: ours beside a peer's, measured in turn in one run. */
export interface BenchRow {
  readonly name: string;
  readonly ours: Spread;
  readonly peer: Spread & { readonly name: string };
  /** Ours divided by the peer's, of the medians. */
  readonly ratio: number;
  /** The ratio that must not be passed; null for a line that is there to be looked at. */
  readonly budget: number | null;
}

/** Minimum, median and maximum of a list of milliseconds. */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError("no samples: nothing was measured");
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle)
    ? (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)]!;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** A row of two lists of samples. */
export function benchRow(
  name: string,
  ours: readonly number[],
  peer: { readonly name: string; readonly samples: readonly number[] },
  budget: number | null,
): BenchRow {
  const mine = spreadOf(ours);
  const theirs = spreadOf(peer.samples);
  return {
    name,
    ours: mine,
    peer: { name: peer.name, ...theirs },
    ratio: mine.median / theirs.median,
    budget,
  };
}

/**
 * Measures several things in turn, so that a machine that gets slower is slower for all. The first round warms up. Gives
 * a list of samples for each, in the same order.
 */
export async function allInTurn(
  runs: number,
  works: readonly (() => Promise<number>)[],
): Promise<readonly (readonly number[])[]> {
  const samples = works.map((): number[] => []);
  for (let run = 0; run <= runs; run++) {
    for (const [index, work] of works.entries()) {
      const sample = await work();
      if (run > 0) samples[index]!.push(sample);
    }
  }
  return samples;
}

/** Measures two things in turn. */
export async function inTurn(
  runs: number,
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<{ readonly ours: readonly number[]; readonly peer: readonly number[] }> {
  const [mine = [], theirs = []] = await allInTurn(runs, [ours, peer]);
  return { ours: mine, peer: theirs };
}

/** The milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The rows as a table: medians with their spread, and whether the budget is kept. */
export function renderBench(rows: readonly BenchRow[]): string {
  const ms = ({ min, median, max }: Spread) => `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`;
  const cells = rows.map(({ name, ours, peer, ratio, budget }) => [
    name,
    ms(ours),
    `${ms(peer)} ${peer.name}`,
    ratio.toFixed(2),
    budget === null ? "-" : `<= ${budget}`,
    budget === null ? "" : ratio <= budget ? "kept" : "MISSED",
  ]);
  const table = [["what", "ours, ms", "beside, ms", "ratio", "budget", ""], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
