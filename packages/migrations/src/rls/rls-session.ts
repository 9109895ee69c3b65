import { canonicalJson } from "@slipway/kernel";
import { type Database, isPostgresError } from "@slipway/ledger";
import { escapeIdentifier, escapeLiteral } from "pg";
import { parseSql } from "../sql/parse-sql.ts";
import { exercisedPolicies } from "./exercised-policies.ts";

/** Who a statement is run as: a role of the database, and what its JWT says. */
export interface ActingAs {
  /** `anon`, `authenticated`, or any role that policies hold for. */
  readonly role: string;
  /** The JWT's claims, which `auth.uid()` and `auth.jwt()` read. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** An expectation that was not met: what makes a test red. */
export class RlsFailure extends Error {
  override readonly name = "RlsFailure";
}

/** Statements of one role. What it writes is there for the rest of the test, and gone after it. */
export interface RoleActor {
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** A query gives so many rows. */
  sees(rows: number, sql: string): Promise<void>;
  /** A statement changes so many rows; what a policy hides is not changed and not refused. */
  changes(rows: number, sql: string): Promise<void>;
  /** A statement is let through, and writes or reads at least one row. */
  can(sql: string): Promise<void>;
  /** A statement is refused for want of permission, or finds no row to change. */
  cannot(sql: string): Promise<void>;
}

/** One test's view of the database, inside a transaction that is rolled back. */
export interface RlsSession {
  /** Runs SQL as the connection's own user: rows to test with. */
  seed(sql: string): Promise<void>;
  as(who: ActingAs): Promise<RoleActor>;
  /** Policies that statements met, as `table.policy`. */
  readonly exercised: ReadonlySet<string>;
  /** How many expectations were met. */
  readonly expectations: number;
}

const SAVEPOINT = "slipway_rls";

/** Opens a session; has to be called inside a transaction. */
export function rlsSession(db: Database): RlsSession {
  const exercised = new Set<string>();
  let expectations = 0;
  return {
    exercised,
    get expectations() {
      return expectations;
    },
    seed: (sql) => db.script(sql),
    async as(who) {
      await refuseExempt(db, who.role);
      const claims = canonicalJson({ role: who.role, ...who.claims });
      const run = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
        await db.script(
          `savepoint ${SAVEPOINT}; select set_config('request.jwt.claims', ${escapeLiteral(claims)}, true); set local role ${escapeIdentifier(who.role)}`,
        );
        try {
          for (const policy of await exercisedPolicies(db, sql)) exercised.add(policy);
          const result = await work();
          await db.script(
            `reset role; select set_config('request.jwt.claims', '', true); release savepoint ${SAVEPOINT}`,
          );
          return result;
        } catch (error) {
          await db.script(`rollback to savepoint ${SAVEPOINT}`);
          throw error;
        }
      };
      const count = (sql: string) => run(sql, () => countRows(db, sql));
      const expects = async (sql: string, rows: number) => {
        const found = await count(sql).catch((error: unknown) => {
          throw refusedTo(who, sql, error);
        });
        if (found !== rows)
          throw new RlsFailure(`${told(who)}: ${found} rows instead of ${rows}: ${short(sql)}`);
        expectations++;
      };
      return {
        query: (sql, params) => run(sql, () => db.query(sql, params)),
        sees: (rows, sql) => expects(sql, rows),
        changes: (rows, sql) => expects(sql, rows),
        async can(sql) {
          const found = await count(sql).catch((error: unknown) => {
            throw refusedTo(who, sql, error);
          });
          if (found === 0) throw new RlsFailure(`${told(who)}: it reaches no row: ${short(sql)}`);
          expectations++;
        },
        async cannot(sql) {
          const found = await count(sql).catch((error: unknown) => {
            if (isPostgresError(error) && error.code === "42501") return 0;
            throw refusedTo(who, sql, error);
          });
          if (found > 0) throw new RlsFailure(`${told(who)}: it is let through: ${short(sql)}`);
          expectations++;
        },
      };
    },
  };
}

/**
 * Runs statements as a role in a transaction that is rolled back, for tests of one's own.
 *
 * @throws Error for a superuser and for roles that row security does not hold for: they would prove nothing.
 * @example
 * await asRole(db, { role: "authenticated", claims: { sub: id } }, (member) => member.sees(1, "select * from notes"));
 */
export async function asRole<T>(
  db: Database,
  who: ActingAs,
  work: (actor: RoleActor, session: RlsSession) => Promise<T>,
): Promise<T> {
  return rolledBack(db, async () => {
    const session = rlsSession(db);
    return work(await session.as(who), session);
  });
}

/** Does some work in a transaction that is never committed. */
export async function rolledBack<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const undo = new Error("rolled back on purpose");
  let result: { readonly value: T } | undefined;
  await db
    .transaction(async () => {
      result = { value: await work() };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return result!.value;
}

async function refuseExempt(db: Database, role: string): Promise<void> {
  const [found] = await db.query<{ rolsuper: boolean; rolbypassrls: boolean }>(
    "select rolsuper, rolbypassrls from pg_roles where rolname = $1",
    [role],
  );
  const why =
    found === undefined
      ? "there is no such role"
      : found.rolsuper
        ? "it is a superuser"
        : found.rolbypassrls
          ? "it has BYPASSRLS"
          : null;
  if (why !== null) throw new RlsFailure(`cannot test as "${role}": ${why}, and policies do not hold for it`);
}

/** Counts what a statement reads or changes. Nothing is added to it: RETURNING would ask other policies too. */
async function countRows(db: Database, sql: string): Promise<number> {
  const statements = await parseSql({ file: "statement", text: sql });
  if (statements.length !== 1)
    throw new RlsFailure(`one statement at a time, this is ${statements.length}: ${short(sql)}`);
  await db.script(
    `do ${escapeLiteral(`declare n bigint; begin execute ${escapeLiteral(statements[0]!.text)}; get diagnostics n = row_count; perform set_config('slipway.rows', n::text, true); end`)}`,
  );
  const [row] = await db.query<{ rows: string }>("select current_setting('slipway.rows') as rows");
  return Number(row?.rows);
}

function refusedTo(who: ActingAs, sql: string, error: unknown): unknown {
  if (!isPostgresError(error)) return error;
  return new RlsFailure(`${told(who)}: ${error.message} (SQLSTATE ${error.code}): ${short(sql)}`);
}

const told = ({ role, claims }: ActingAs): string =>
  claims === undefined ? `as ${role}` : `as ${role} ${JSON.stringify(claims)}`;

const short = (sql: string): string => {
  const line = sql.trim().replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)} …` : line;
};
