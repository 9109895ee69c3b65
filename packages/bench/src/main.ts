import { type BenchRow, renderBench } from "./table.ts";

/** The benchmarks by name; each is loaded only when it is asked for. A proof is part of migrations, and can be had alone. */
const benchmarks: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  runs: async () => (await import("./runs/bench-runs.ts")).benchRuns(),
  migrations: async () => [
    ...(await (await import("./migrations/bench-migrations.ts")).benchMigrations()),
    ...(await (await import("./migrations/bench-proof.ts")).benchProof()),
  ],
  proof: async () => (await import("./migrations/bench-proof.ts")).benchProof(),
  flags: async () => (await import("./flags/bench-flags.ts")).benchFlags(),
  smoke: async () => (await import("./smoke/bench-smoke.ts")).benchSmoke(),
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`there is no benchmark "${unknown}"; they are ${Object.keys(benchmarks).join(", ")}`);
  process.exit(64);
}
const all = Object.keys(benchmarks).filter((name) => name !== "proof");
for (const name of names.length === 0 ? all : names) {
  console.log(`\n${name}\n${renderBench(await benchmarks[name]!())}`);
}
