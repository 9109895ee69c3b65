import type { Verdict } from "@slipway/kernel";
import { type Database, isPostgresError, type StoredProbe } from "@slipway/ledger";

/** What a probe says. */
export interface ProbeResult {
  readonly name: string;
  readonly verdict: Extract<Verdict, "pass" | "fail" | "error">;
  /** Why it does not pass, without values of rows; null for a pass. */
  readonly why: string | null;
}

const TIMEOUT_MS = 30_000;
/** More rows than these are not fetched to be counted. */
const COUNTED_ROWS = 1_000;

/**
 * Asks probes, each in a transaction that can only read and has thirty seconds. No rows, or one row with one `true`,
 * pass; anything else fails, also an answer that does not come.
 */
export async function runProbes(db: Database, probes: readonly StoredProbe[]): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const { name, sql } of probes) results.push({ name, ...(await ask(db, sql)) });
  return results;
}

async function ask(db: Database, sql: string): Promise<Omit<ProbeResult, "name">> {
  try {
    const rows = await db.transaction(async () => {
      await db.query("set transaction read only");
      await db.query(`set local statement_timeout = ${TIMEOUT_MS}`);
      // The row as a text too: two columns of one name are one to the driver.
      return db.query<Record<string, unknown>>(
        `select probe.*, probe::text as slipway_row from (${sql}\n) probe limit ${COUNTED_ROWS + 1}`,
      );
    });
    return judge(rows);
  } catch (error) {
    if (!isPostgresError(error)) throw error;
    return { verdict: "error", why: `${error.message} (SQLSTATE ${error.code})` };
  }
}

function judge(rows: readonly Record<string, unknown>[]): Omit<ProbeResult, "name"> {
  const [first] = rows;
  if (first === undefined) return { verdict: "pass", why: null };
  const { slipway_row: row, ...columns } = first;
  const [value] = Object.values(columns);
  if (
    rows.length === 1 &&
    ["(t)", "(f)", "()"].includes(String(row)) &&
    (typeof value === "boolean" || value === null)
  ) {
    return value === true ? { verdict: "pass", why: null } : { verdict: "fail", why: `it is ${value}` };
  }
  const count = rows.length > COUNTED_ROWS ? `more than ${COUNTED_ROWS.toLocaleString("en")}` : rows.length;
  return { verdict: "fail", why: `it finds ${count} ${rows.length === 1 ? "row" : "rows"}` };
}

/** The probes that do not pass, for people; empty when all do. */
export function describeProbes(results: readonly ProbeResult[]): string {
  const bad = results.filter(({ verdict }) => verdict !== "pass");
  return bad
    .map(({ name, verdict, why }) => `${name} ${verdict === "fail" ? "fails" : "cannot be asked"}: ${why}`)
    .join("; ");
}
