import { readdirSync, readFileSync } from "node:fs";

/** One numbered step of the ledger's own schema. */
export interface LedgerStep {
  readonly version: number;
  /** The file name, for messages. */
  readonly name: string;
  readonly sql: string;
}

const folder = new URL("../sql/", import.meta.url);

/** The steps in `sql/`, ascending. They are numbered without a gap; the last number is the ledger's version. */
export function readLedgerSteps(): LedgerStep[] {
  const steps = readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, folder), "utf8"),
    }));
  steps.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw new Error(`ledger step ${name} is not number ${index + 1}`);
  });
  return steps;
}

let latest: number | undefined;

/** The version of the ledger that this program writes. */
export function latestLedgerVersion(): number {
  latest ??= readLedgerSteps().length;
  return latest;
}
