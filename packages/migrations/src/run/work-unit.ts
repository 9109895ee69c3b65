import { escapeLiteral } from "pg";
import type { RunDirectives } from "../read/run-directives.ts";
import type { Execution } from "../sql/execution-of.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { noteBegin } from "./note-duration.ts";
import type { RunLimits } from "./run-context.ts";

/** One migration to apply or to undo. */
export interface WorkUnit {
  readonly id: string;
  readonly direction: "up" | "down";
  /** The SQL, with the file name that messages use. */
  readonly source: SqlSource;
  readonly execution: Execution;
  /** Its own timeouts, which go before the run's. */
  readonly timeouts: RunDirectives;
  /** SQL that takes back what {@link source} does, where it is known: for work that is killed half way. */
  readonly opposite: string | null;
  /**
   * Gives SQL that goes before it in the same transaction: what saves or guards rows. Asked just before the unit runs,
   * since it depends on what the units before have left. `null` where nothing is at stake.
   */
  readonly guard: (() => Promise<string>) | null;
  /** Names of the tables whose size decides how long it runs. */
  readonly worksOn: readonly string[];
  /** The call that writes the ledger's row, in the same transaction. */
  readonly record: string;
}

/** What a message is built for. */
export interface MessageContext {
  readonly token: number;
  readonly limits: RunLimits;
  /** The application name while a migration runs: how its backend is found, even behind a pooler. */
  readonly marker: string;
}

/** The context of one unit: its own timeouts before those of the run. */
export function contextOf(unit: Pick<WorkUnit, "timeouts">, context: MessageContext): MessageContext {
  return { ...context, limits: { ...context.limits, ...unit.timeouts } };
}

/**
 * The statements before a migration's own SQL, inside its transaction: timeouts, and the fence, which keeps a takeover
 * of the lease waiting until the transaction has ended.
 */
export function prologue({ token, limits, marker }: MessageContext): string {
  return [
    `set local application_name = ${escapeLiteral(marker)}`,
    `set local lock_timeout = ${limits.lockTimeoutMs}`,
    `set local statement_timeout = ${limits.statementTimeoutMs}`,
    `select slipway.fence(${token})`,
    "",
  ].join(";\n");
}

/** {@link prologue} of a unit that runs in one transaction, with a note on the tables that it works on. */
export function opening(unit: WorkUnit, context: MessageContext): string {
  return `${prologue(context)}${unit.worksOn.length === 0 ? "" : `${noteBegin(unit, false)};\n`}`;
}

/** Takes back what SQL can leave in a session: settings, roles, temporary tables. */
export const cleanSession = "reset all;\nreset session authorization;\nreset role;\ndiscard temp;\n";

/**
 * The statements after it: what the SQL left in the session goes, so that each migration meets what a fresh session
 * meets; then the ledger's row.
 */
export function epilogue({ record }: Pick<WorkUnit, "record">): string {
  return `;\n${cleanSession}${record};\n`;
}

/**
 * One message for several migrations, each its own transaction. All but the last commit without waiting for the
 * disk: the last one's wait covers them, and a server that crashes in between forgets migration and row together.
 */
export function batchMessage(units: readonly WorkUnit[], context: MessageContext): string {
  return units
    .map((unit, index) => {
      const commit =
        index === units.length - 1 ? "commit;\n" : "set local synchronous_commit = off;\ncommit;\n";
      return `begin;\n${opening(unit, contextOf(unit, context))}${unit.source.text}\n${epilogue(unit)}${commit}`;
    })
    .join("");
}

/** Whether a unit cannot share a message with others. */
export function runsByItself({ execution, guard }: Pick<WorkUnit, "execution" | "guard">): boolean {
  return execution.mode !== "transaction" || guard !== null;
}

/** Cuts units into batches that travel as one message each; what has a guard or needs no transaction is by itself. */
export function batchesOf(
  units: readonly WorkUnit[],
  size: { readonly units: number; readonly characters: number } = { units: 50, characters: 1_000_000 },
): WorkUnit[][] {
  const batches: WorkUnit[][] = [];
  let open: WorkUnit[] | null = null;
  let characters = 0;
  for (const unit of units) {
    const length = unit.source.text.length + unit.record.length;
    const alone = runsByItself(unit);
    if (open === null || alone || open.length >= size.units || characters + length > size.characters) {
      open = [];
      characters = 0;
      batches.push(open);
    }
    open.push(unit);
    characters += length;
    if (alone) open = null;
  }
  return batches;
}

/** Writes a call of a SQL function with values as literals: numbers as they are, `null` as NULL. */
export function callOf(name: string, values: readonly (string | number | null)[]): string {
  const literals = values.map((value) =>
    value === null ? "null" : typeof value === "number" ? String(value) : escapeLiteral(value),
  );
  return `select ${name}(${literals.join(", ")})`;
}
