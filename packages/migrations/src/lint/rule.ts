import type { ClassifiedStatement } from "../classify/classify-statements.ts";
import type { Phase } from "../migration.ts";

/** How much a finding weighs: an error refuses the release, a warning and a note are shown. */
export type Severity = "error" | "warning" | "note";

/** A file as the rules see it. */
export interface LintUnit {
  /** The name as shown. */
  readonly file: string;
  readonly text: string;
  readonly role: "up" | "rollback";
  readonly phase: Phase;
  readonly statements: readonly ClassifiedStatement[];
  /** Statements of this file and of all files after it in the same run: what may still be done about something. */
  readonly fromHere: readonly ClassifiedStatement[];
  /** Statements of all files of the folder, in their order: for what is set once and holds for ever. */
  readonly everywhere: readonly ClassifiedStatement[];
  /** Whether the database is one of Supabase, with its roles and its API. */
  readonly supabase: boolean;
  /** For a rollback, the statements of its migration. */
  readonly undoes: readonly ClassifiedStatement[];
}

/** What a rule found: a place, the reason in one line, and what to do where it is more exact than the rule's own words. */
export interface Problem {
  /** Start and end, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly fix?: string;
}

/** A rule of the lint. Its code is stable: waivers name it. */
export interface Rule {
  readonly code: `ML${number}`;
  readonly name: string;
  readonly severity: Severity;
  /** Which files it looks at. */
  readonly roles: readonly LintUnit["role"][];
  /** `supabase`: only where the database is one of Supabase. */
  readonly where: "everywhere" | "supabase";
  /** One sentence each, for the page of the rules: what it finds and why that hurts, and what to do. */
  readonly why: string;
  readonly fix: string;
  check(unit: LintUnit): Problem[];
}

/** The same problem wherever a statement has it. */
export function eachStatement(
  find: (statement: ClassifiedStatement, unit: LintUnit) => string | { message: string; fix: string } | null,
): Rule["check"] {
  return (unit) =>
    unit.statements.flatMap((statement) => {
      const found = find(statement, unit);
      if (found === null) return [];
      return [{ ...placeOf(statement), ...(typeof found === "string" ? { message: found } : found) }];
    });
}

/** Where a statement stands. */
export function placeOf({ statement }: ClassifiedStatement): Pick<Problem, "start" | "end"> {
  return { start: statement.start, end: statement.start + statement.text.length };
}
