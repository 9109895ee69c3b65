import { classifyStatements } from "../classify/classify-statements.ts";
import { type Lock, type LockMode, strongerLock } from "../classify/statement-facts.ts";
import { backfillOf } from "../read/backfill-directive.ts";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { type TableWork, tableWork } from "./table-work.ts";

/** What others cannot do with a table while a lock on it is held. */
export type Blocks = "nothing" | "writes" | "reads and writes";

/** The strongest lock that a file takes on a relation that was there before. */
export interface EffectiveLock extends Lock {
  readonly blocks: Blocks;
}

/** What running a file does to those who use the database meanwhile: read from its text, without a database. */
export interface MigrationEffects {
  readonly locks: readonly EffectiveLock[];
  /** Tables whose rows it goes through; nothing here: it changes the catalog only. */
  readonly work: readonly TableWork[];
  /** True where it runs code that cannot be looked into (`DO`, `CALL`): locks and work may be more. */
  readonly opaque: boolean;
  /** False where its statements run one by one, outside a transaction: what is done stays when one fails. */
  readonly transactional: boolean;
  /** True where its one statement runs in chunks, a transaction each. */
  readonly backfill: boolean;
}

/**
 * Tells what running a file, an up or a rollback, does to others.
 *
 * @param made what files before it in the same run made, whose locks nobody waits for; what this one makes is added.
 * @throws {SlipwayError} MIGRATION_INVALID when it cannot be parsed.
 * @example
 * const { locks } = await describeEffects({ file: "1_a.sql", text: "create index on orders (note)" });
 * locks; // [{ relation: "orders", mode: "SHARE", blocks: "writes" }]
 */
export async function describeEffects(source: SqlSource, made?: Set<string>): Promise<MigrationEffects> {
  const statements = classifyStatements(await parseSql(source), made);
  const strongest = new Map<string | null, LockMode>();
  for (const { relation, mode } of statements.flatMap(({ felt }) => felt)) {
    strongest.set(relation, strongerLock(mode, strongest.get(relation) ?? mode));
  }
  return {
    locks: [...strongest].map(([relation, mode]) => ({ relation, mode, blocks: blocksOf(mode) })),
    work: tableWork(statements),
    opaque: statements.some(({ touches }) => touches === "unknown"),
    transactional: statements.every(({ transactional }) => transactional),
    backfill: backfillOf(source.text) !== null,
  };
}

// Reads take ACCESS SHARE, which ACCESS EXCLUSIVE alone is in the way of; writes take ROW EXCLUSIVE.
function blocksOf(mode: LockMode): Blocks {
  if (mode === "ACCESS EXCLUSIVE") return "reads and writes";
  return ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE"].includes(mode) ? "writes" : "nothing";
}
