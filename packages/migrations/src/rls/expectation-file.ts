import { SlipwayError } from "@slipway/kernel";
import { parseSql } from "../sql/parse-sql.ts";
import { describePlace, type SqlSource } from "../sql/source-position.ts";
import { type ActingAs, RlsFailure, type RlsSession, type RoleActor } from "./rls-session.ts";
import type { RlsTest } from "./rls-test.ts";

type Expectation =
  | { readonly kind: "sees" | "changes"; readonly rows: number }
  | { readonly kind: "can" | "cannot" };

interface Step {
  readonly who: ActingAs | null;
  readonly expectation: Expectation | null;
  readonly sql: string;
  readonly offset: number;
}

const LINE = /^[ \t]*--[ \t]*rls[ \t]*:[ \t]*(.*)$/gim;

/**
 * Reads tests from SQL with lines between the statements: `-- rls: test <name>`, `-- rls: as <role> [claims as JSON]`,
 * `-- rls: as owner`, and before each statement of a role what is expected of it: `sees N rows`, `changes N rows`, `can`,
 * `cannot`. Statements of the owner are rows to test with. What stands before the first `test` belongs to each of them.
 *
 * @throws {SlipwayError} RLS_TEST_INVALID with line and column.
 */
export async function expectationTests(source: SqlSource): Promise<RlsTest[]> {
  const common: Step[] = [];
  const named: { readonly name: string; readonly steps: Step[] }[] = [];
  let who: ActingAs | null = null;
  let end = 0;
  for (const { text, start } of await parseSql(source)) {
    let expectation: Expectation | null = null;
    for (const line of source.text.slice(end, start).matchAll(LINE)) {
      const words = line[1]!.trim();
      const offset = end + line.index;
      const [verb = "", rest = ""] = splitOnce(words);
      if (verb === "test") {
        named.push({ name: rest || "unnamed", steps: [] });
        who = null;
      } else if (verb === "as") who = actor(source, offset, rest);
      else if (expectation !== null) throw invalid(source, offset, "two expectations before one statement");
      else expectation = expected(source, offset, words);
    }
    if (who === null && expectation !== null) {
      throw invalid(
        source,
        start,
        "it expects something of the owner, for whom policies do not hold: put -- rls: as <role> before it",
      );
    }
    if (who !== null && expectation === null) {
      throw invalid(
        source,
        start,
        "nothing is expected of this statement: sees N rows, changes N rows, can or cannot",
      );
    }
    (named.at(-1)?.steps ?? common).push({ who, expectation, sql: text, offset: start });
    end = start + text.length;
  }
  const tests = named.length === 0 ? [{ name: source.file, steps: [] }] : named;
  return tests.map(({ name, steps }) => ({
    name,
    file: source.file,
    async run({ session }) {
      for (const step of [...common, ...steps]) await runStep(source, session, step);
      return session;
    },
  }));
}

async function runStep(
  source: SqlSource,
  session: RlsSession,
  { who, expectation, sql, offset }: Step,
): Promise<void> {
  if (who === null || expectation === null) return session.seed(sql);
  try {
    const role = await session.as(who);
    await meet(role, expectation, sql);
  } catch (error) {
    if (!(error instanceof RlsFailure)) throw error;
    throw new RlsFailure(`${describePlace(source, offset).place}: ${error.message}`);
  }
}

function meet(role: RoleActor, expectation: Expectation, sql: string): Promise<void> {
  return "rows" in expectation ? role[expectation.kind](expectation.rows, sql) : role[expectation.kind](sql);
}

function actor(source: SqlSource, offset: number, words: string): ActingAs | null {
  const [role = "", json = ""] = splitOnce(words);
  if (role === "owner" && json === "") return null;
  if (role === "") throw invalid(source, offset, "as whom is missing");
  if (json === "") return { role };
  try {
    const claims: unknown = JSON.parse(json);
    if (typeof claims === "object" && claims !== null && !Array.isArray(claims)) {
      return { role, claims: claims as Record<string, unknown> };
    }
  } catch {
    // Told below, with the place.
  }
  throw invalid(source, offset, `the claims are no JSON object: ${json}`);
}

function expected(source: SqlSource, offset: number, words: string): Expectation {
  if (words === "can" || words === "cannot") return { kind: words };
  const [, kind, count] = /^(sees|changes)\s+(\d+|no)\s+rows?$/.exec(words) ?? [];
  if (kind === undefined) {
    throw invalid(
      source,
      offset,
      `"${words}" is none of: test, as, sees N rows, changes N rows, can, cannot`,
    );
  }
  return { kind: kind as "sees" | "changes", rows: count === "no" ? 0 : Number(count) };
}

function splitOnce(words: string): [string, string] {
  const [, first = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(words) ?? [];
  return [first, rest];
}

function invalid(source: SqlSource, offset: number, why: string): SlipwayError {
  const { place, excerpt } = describePlace(source, offset);
  return new SlipwayError("RLS_TEST_INVALID", {
    what: `Cannot use "${source.file}" as a test of policies`,
    why: `${place}: ${why}\n    ${excerpt}`,
  });
}
