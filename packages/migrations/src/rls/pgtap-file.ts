import { type Database, isPostgresError } from "@slipway/ledger";
import { describeError, StatementError } from "../run/statement-error.ts";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { type Policy, policyKey } from "./exercised-policies.ts";
import { RlsFailure } from "./rls-session.ts";
import type { RlsTest } from "./rls-test.ts";
import { readTap, tapProblem } from "./tap.ts";

/**
 * A pgTAP file as one test. Its own BEGIN and ROLLBACK are left out: it runs in a transaction that is rolled back
 * anyhow. The extension is made for it where the server has it.
 */
export async function pgtapTest(source: SqlSource): Promise<RlsTest> {
  const statements = await parseSql(source);
  return {
    name: source.file,
    file: source.file,
    async run({ db }) {
      await ensurePgtap(db);
      const lines: string[] = [];
      const exercised = new Set<string>();
      for (const { node, text, start } of statements) {
        if ("TransactionStmt" in node) continue;
        try {
          if ("SelectStmt" in node) for (const policy of await namedPolicies(db, text)) exercised.add(policy);
          const rows = await db.query<Record<string, unknown>>(text);
          for (const value of rows.flatMap((row) => Object.values(row))) {
            if (typeof value === "string") lines.push(value);
          }
        } catch (error) {
          if (!isPostgresError(error)) throw error;
          throw new RlsFailure(describeError(source, new StatementError(error, start)));
        }
      }
      const result = readTap(lines);
      const problem = tapProblem(result);
      if (problem !== null) throw new RlsFailure(`${source.file}: ${problem}`);
      return { exercised, expectations: result.passed };
    },
  };
}

async function ensurePgtap(db: Database): Promise<void> {
  const [facts] = await db.query<{ made: boolean; available: boolean; extensions: boolean }>(
    `select exists (select from pg_extension where extname = 'pgtap') as made,
       exists (select from pg_available_extensions where name = 'pgtap') as available,
       to_regnamespace('extensions') is not null as extensions`,
  );
  if (facts?.made) return;
  if (!facts?.available) {
    throw new RlsFailure(
      "the server has no extension pgtap: name one that has with --database, or write -- rls: lines",
    );
  }
  const home = facts.extensions ? "extensions" : "public";
  await db.script(
    `create extension pgtap schema ${home};
     set local search_path = "$user", public${facts.extensions ? ", extensions" : ""};
     ${callable}`,
  );
}

// Migrations may have taken from everybody the right to call new functions; these are the tests' own.
const callable = `do $$
  declare f regprocedure;
  begin
    for f in select d.objid::regprocedure from pg_depend d join pg_extension e on e.oid = d.refobjid
      where e.extname = 'pgtap' and d.deptype = 'e' and d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_extension'::regclass
    loop execute format('grant execute on routine %s to public', f); end loop;
  end $$`;

/** Policies in force for the current user on tables whose names stand in a statement, in its texts too. */
async function namedPolicies(db: Database, text: string): Promise<string[]> {
  const rows = await db.query<Policy & { relname: string }>(
    `select p.polrelid::regclass::text as table, p.polname::text as name, c.relname::text as relname
     from pg_policy p join pg_class c on c.oid = p.polrelid
     where row_security_active(p.polrelid)
       and (0 = any (p.polroles) or exists (select from unnest(p.polroles) role where role <> 0 and pg_has_role(current_user, role, 'usage')))`,
  );
  return rows
    .filter(({ relname }) =>
      new RegExp(`(?<![\\w$])${relname.replace(/[^\w]/g, "\\$&")}(?![\\w$])`, "i").test(text),
    )
    .map(policyKey);
}
