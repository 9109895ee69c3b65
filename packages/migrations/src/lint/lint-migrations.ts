import { type ClassifiedStatement, classifyStatements } from "../classify/classify-statements.ts";
import { type Directives, readDirectives } from "../read/directives.ts";
import { replacedBy } from "../read/replaces-directive.ts";
import { checkStatements } from "../sql/check-statements.ts";
import { placedProblem } from "../sql/migration-invalid.ts";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { applyWaivers } from "./apply-waivers.ts";
import { type FileRule, fileRules } from "./file-rules.ts";
import { type LintFinding, placeFinding } from "./finding.ts";
import type { LintUnit } from "./rule.ts";
import { rules } from "./rules.ts";

/** A migration as it lies on disk, with the names to show. */
export interface LintSource {
  readonly up: SqlSource;
  /** `null` where there is no such file. */
  readonly rollback: SqlSource | null;
}

/** How to lint. */
export interface LintOptions {
  /** The day that waivers are compared with. */
  readonly now: Date;
  /** Whether the database is one of Supabase. */
  readonly supabase: boolean;
  /** Which are looked at, by the name of the up file; the others only tell what was there before. All by default. */
  readonly judged?: ReadonlySet<string>;
  /** Whether those looked at will be applied together: then a table that one makes is empty for the next. */
  readonly together?: boolean;
  /** Whether a missing rollback is a finding; true by default. */
  readonly rollbacks?: boolean;
}

/** A file after parsing: its statements, or what stood in the way. */
interface Read {
  readonly source: SqlSource;
  readonly directives: Directives | null;
  readonly statements: readonly ClassifiedStatement[];
  readonly findings: readonly LintFinding[];
}

/**
 * Looks for what is wrong, slow or dangerous in migrations, without a database.
 *
 * @param migrations in the order of their application.
 * @returns findings in the order of files and lines, waived ones among them.
 * @example
 * const findings = await lintMigrations([{ up: { file: "1_a.sql", text }, rollback: null }], { now, supabase: false });
 */
export async function lintMigrations(
  migrations: readonly LintSource[],
  options: LintOptions,
): Promise<LintFinding[]> {
  const { judged, together = false, now, supabase, rollbacks = true } = options;
  // A squashed one runs on new databases only, and its parts were judged when they were released.
  const isJudged = ({ up }: LintSource) =>
    (judged?.has(up.file) ?? true) && replacedBy(up.text) === undefined;
  const made = new Set<string>();
  const ups: Read[] = [];
  for (const migration of migrations) {
    ups.push(await readFile(migration.up, together && isJudged(migration) ? made : undefined));
  }
  const everywhere = ups.flatMap(({ statements }) => statements);
  const findings: LintFinding[] = [];
  for (const [index, migration] of migrations.entries()) {
    if (!isJudged(migration)) continue;
    const up = ups[index]!;
    const { rollback } = migration;
    const down = rollback === null ? null : await readFile(rollback);
    const common = { supabase, everywhere, phase: up.directives?.phase ?? ("expand" as const) };
    const fromHere = ups.slice(index).flatMap(({ statements }) => statements);
    const unit = {
      ...common,
      ...up.source,
      role: "up",
      statements: up.statements,
      fromHere,
      undoes: [],
    } as const;
    findings.push(...applyWaivers(up.source, up.statements, [...up.findings, ...check(unit)], now));
    if (down === null) {
      const isMissing = rollbacks && up.directives !== null && up.directives.kind !== "irreversible";
      if (isMissing) findings.push(fileFinding(fileRules.rollbackMissing, up.source, 0));
    } else {
      const { source, statements } = down;
      const back = {
        ...common,
        ...source,
        role: "rollback",
        statements,
        fromHere: statements,
        undoes: up.statements,
      } as const;
      findings.push(...applyWaivers(source, statements, [...down.findings, ...check(back)], now));
    }
  }
  return findings;
}

function check(unit: LintUnit): LintFinding[] {
  return rules
    .filter(({ roles, where }) => roles.includes(unit.role) && (where === "everywhere" || unit.supabase))
    .flatMap((rule) =>
      rule.check(unit).map(({ message, fix = rule.fix, ...place }) => ({
        code: rule.code,
        name: rule.name,
        severity: rule.severity,
        ...placeFinding(unit, place),
        message,
        fix,
        waiver: null,
      })),
    );
}

async function readFile(source: SqlSource, made?: Set<string>): Promise<Read> {
  const findings: LintFinding[] = [];
  const attempt = <T>(rule: FileRule, work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      findings.push(findingOf(rule, source, error));
      return null;
    }
  };
  const directives = attempt(fileRules.directive, () => readDirectives(source));
  const parsed = await parseSql(source).catch((error: unknown) => {
    findings.push(findingOf(parserSpoke(error) ? fileRules.notSql : fileRules.refused, source, error));
    return null;
  });
  if (parsed === null) return { source, directives, statements: [], findings };
  if (parsed.length === 0) findings.push(fileFinding(fileRules.empty, source, 0));
  attempt(fileRules.refused, () => checkStatements(source, parsed));
  return { source, directives, statements: classifyStatements(parsed, made), findings };
}

// The parser's own message, or one of ours for what psql would have understood.
function parserSpoke(error: unknown): boolean {
  const problem = placedProblem(error);
  return problem?.cause instanceof Error && problem.why === problem.cause.message;
}

function findingOf(rule: FileRule, source: SqlSource, error: unknown): LintFinding {
  const problem = placedProblem(error);
  if (problem === null) throw error;
  return { ...fileFinding(rule, source, problem.offset), message: problem.why, fix: problem.todo };
}

/** A finding of one of the rules about files. */
export function fileFinding(rule: FileRule, source: SqlSource, offset: number): LintFinding {
  const { code, name, severity, why, fix } = rule;
  const place = placeFinding(source, { start: offset, end: endOfLine(source.text, offset) });
  return { code, name, severity, ...place, message: why, fix, waiver: null };
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}
