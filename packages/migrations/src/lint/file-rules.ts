import type { Rule } from "./rule.ts";

/** What is wrong with a file as a whole, before any rule can look at its statements, or with its waivers. */
export type FileRule = Pick<Rule, "name" | "severity" | "why" | "fix"> & { readonly code: `ML0${number}` };

/** The rules about files, directives and waivers. */
export const fileRules = {
  notSql: {
    code: "ML001",
    name: "not-sql",
    severity: "error",
    why: "Postgres' own parser does not understand the file, so that nothing else can be said about it.",
    fix: "Correct the SQL",
  },
  refused: {
    code: "ML002",
    name: "not-in-a-migration",
    severity: "error",
    why: "BEGIN and COMMIT, COPY … FROM STDIN, commands of psql, what changes the server, and what touches the ledger have no place in a migration.",
    fix: "Take the statement out; the message says what to write instead",
  },
  directive: {
    code: "ML003",
    name: "directive-not-understood",
    severity: "error",
    why: "A comment that begins with `-- slipway:` is misspelt, misplaced, or has no reason.",
    fix: "Write it as the guide to migrations shows it",
  },
  waiverInvalid: {
    code: "ML004",
    name: "waiver-not-understood",
    severity: "error",
    why: "A waiver has the code of a rule, a date and a reason.",
    fix: "Write: -- slipway: allow <code> until <YYYY-MM-DD> because <why>",
  },
  waiverExpired: {
    code: "ML005",
    name: "waiver-expired",
    severity: "warning",
    why: "A waiver's date is over, so that what it allowed is found again.",
    fix: "Do what the finding says, or give the waiver a new date and say why",
  },
  waiverUnused: {
    code: "ML006",
    name: "waiver-unused",
    severity: "warning",
    why: "A waiver allows something that is not there: it would hide the next one who does it.",
    fix: "Remove the line",
  },
  empty: {
    code: "ML007",
    name: "file-empty",
    severity: "error",
    why: "A migration or a rollback without a statement does nothing, and looks as if it did.",
    fix: "Write the SQL; select 1; in a rollback where nothing is to be undone",
  },
  rollbackMissing: {
    code: "ML008",
    name: "rollback-missing",
    severity: "error",
    why: "A migration without a rollback cannot be released, unless it says that it is irreversible.",
    fix: "Write rollbacks/<same name>.sql, or -- slipway: irreversible <reason> at the top of the migration",
  },
} as const satisfies Record<string, FileRule>;
