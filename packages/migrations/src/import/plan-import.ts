import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { lintMigrations } from "../lint/lint-migrations.ts";
import { compareVersions, downFile, upFile } from "../migration.ts";
import { DISTINCT_VERSIONS } from "../read/migration-files.ts";
import { versionGap } from "../read/version-gap.ts";
import { placedProblem } from "../sql/migration-invalid.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { adaptSql } from "./adapt-sql.ts";
import { filesOf, foldersOf, PROGRAM } from "./folder-files.ts";
import {
  type ForeignFolder,
  type ForeignMigration,
  type ImportProblem,
  type Layout,
  layouts,
} from "./foreign-migration.ts";
import { ourVersions } from "./our-versions.ts";
import { readForeignFolder } from "./read-foreign-folder.ts";

/** One migration of an import: where it comes from and what will be written. */
export interface PlannedImport {
  readonly id: string;
  readonly from: string;
  readonly downFrom: string | null;
  readonly up: string;
  readonly down: string | null;
  /** What differs from the other tool's files, in words for people. */
  readonly changes: readonly string[];
  /** `new`, or `same` where both files are there already, byte for byte. */
  readonly state: "new" | "same";
}

/** Everything that an import would do. With a problem in it nothing is written. */
export interface ImportPlan {
  readonly layout: Layout;
  readonly migrations: readonly PlannedImport[];
  readonly problems: readonly ImportProblem[];
  readonly skipped: readonly string[];
}

/** How to import. */
export interface ImportOptions {
  readonly from: Layout | "auto";
  /** Our migrations folder. */
  readonly into: string;
  readonly now: Date;
  /** Why versions may be missing in the sequence; without it a gap is a problem. Written into the file after the gap. */
  readonly gapReason?: string;
}

/** How long what an import allows is allowed: time to cut the first release. */
const WAIVER_DAYS = 90;
/** Found by the lint, and in the way of reading the file here. */
const BLOCKING = ["ML001", "ML002", "ML003", "ML004", "ML007", "ML102", "ML103"];

/**
 * Plans the import of another tool's migrations into our layout; writes nothing.
 *
 * @throws {SlipwayError} USAGE for a folder that is not there.
 * @example
 * const plan = await planImport("supabase/migrations", { from: "auto", into: "migrations", now: new Date() });
 */
export async function planImport(folder: string, options: ImportOptions): Promise<ImportPlan> {
  const foreign = readForeignFolder(folder, options.from);
  const problems = [...foreign.problems];
  const versions = ourVersions(foreign.migrations.map(({ version }) => version));
  const sorted = foreign.migrations
    .map((migration, index) => ({ ...migration, version: versions[index]!, given: migration.version }))
    .sort((a, b) => compareVersions(a.version, b.version));
  const gaps = findGaps(sorted);
  problems.push(...duplicates(sorted), ...(options.gapReason === undefined ? gaps : []));
  problems.push(...otherOrder(sorted, foreign.layout));
  const migrations: PlannedImport[] = [];
  const checked: Checked[] = [];
  for (const [index, one] of sorted.entries()) {
    const gap = whyGap(sorted[index - 1], one, { ...options, layout: foreign.layout });
    const adapted = await adapt(one, options, gap).catch((error: unknown) => {
      if (!(error instanceof SlipwayError)) throw error;
      problems.push(problemOf(one, error));
      return null;
    });
    if (adapted === null) continue;
    migrations.push(adapted.planned);
    checked.push(adapted.checked);
  }
  problems.push(...(await unreadable(checked, options.now)), ...inTheWay(migrations, options.into));
  if (migrations.length === 0 && problems.length === 0)
    problems.push(nothingFound(folder, foreign, options.from));
  return { layout: foreign.layout, migrations, problems, skipped: foreign.skipped };
}

/** With its version as it will be here, and as the other tool has it. */
interface Numbered extends ForeignMigration {
  readonly given: string;
}

/** The texts that are checked, in the places of the other tool's files. */
interface Checked {
  readonly file: string;
  readonly up: string;
  readonly downFile: string;
  readonly down: string | null;
}

async function adapt(
  { version, name, file, downFile: downFrom, ...foreign }: ForeignMigration,
  { into, now }: ImportOptions,
  gap: string | null,
): Promise<{ planned: PlannedImport; checked: Checked }> {
  const id = `${version}_${ourName(name)}`;
  const until = new Date(now.getTime() + WAIVER_DAYS * 86_400_000).toISOString().slice(0, 10);
  const given = await adaptSql({ file, text: foreign.up }, until);
  const isEmpty = (await parseSql({ file, text: given.text })).length === 0;
  // Its version was recorded where it ran, so it has its place here too.
  const up = isEmpty
    ? {
        text: `${given.text.trimEnd()}\nselect 1;\n`.trimStart(),
        checked: "select 1;",
        changes: ["it was empty: select 1; added"],
      }
    : given;
  const down =
    foreign.down === null ? null : await adaptSql({ file: downFrom ?? file, text: foreign.down }, null);
  const hasDown = down !== null && (await parseSql({ file: downFrom ?? file, text: down.text })).length > 0;
  const why = down === null ? "imported without a rollback" : "imported with an empty rollback";
  // Halves of files begin on the lines that they have there.
  const [upText, downText] = [up.text, down?.text ?? ""].map((text) => text.replace(/^(?:[ \t]*\r?\n)+/, ""));
  const header = [
    ...(hasDown ? [] : [`-- slipway: irreversible ${why}`]),
    ...(gap === null ? [] : [`-- slipway: gap ${gap}`]),
  ];
  const text = [...header, upText].join("\n");
  const planned = {
    id,
    from: file,
    downFrom: hasDown ? downFrom : null,
    up: text,
    down: hasDown ? downText! : null,
    changes: [...up.changes, ...(hasDown ? down.changes.map((change) => `rollback: ${change}`) : [why])],
  };
  const checked = { file, up: up.checked, downFile: downFrom ?? file, down: hasDown ? down.checked : null };
  return { planned: { ...planned, state: isThere(planned, into) ? "same" : "new" }, checked };
}

// The words of such an error begin with the place: it is told once.
function problemOf({ file, up, down }: ForeignMigration, error: SlipwayError): ImportProblem {
  const placed = placedProblem(error);
  const at = placed === null ? -1 : (error.why ?? "").indexOf(`: ${placed.why}`);
  if (placed === null || at < 0) return { file, why: error.why ?? error.what, todo: error.todo };
  // Flyway's placeholders, and the templates of programs that fill them in.
  const isTemplate = /\$\{\w|\{\{/.test(`${up}${down ?? ""}`);
  const todo = isTemplate ? "Write what the placeholder stands for: templates are not SQL" : placed.todo;
  return { file: (error.why ?? "").slice(0, at), why: placed.why, todo };
}

// What is written has to be readable here: the lint says all that stands in the way, not only the first.
async function unreadable(files: readonly Checked[], now: Date): Promise<ImportProblem[]> {
  const sources = files.map(({ file, up, downFile, down }) => ({
    up: { file, text: up },
    rollback: down === null ? null : { file: downFile, text: down },
  }));
  const findings = await lintMigrations(sources, { now, supabase: false, rollbacks: false });
  return findings
    .filter(({ code, waiver }) => waiver === null && BLOCKING.includes(code))
    .map(({ file, line, column, message, fix }) => ({
      file: `${file}:${line}:${column}`,
      why: message,
      todo: fix,
    }));
}

function inTheWay(migrations: readonly PlannedImport[], into: string): ImportProblem[] {
  const present = filesOf(into).filter((file) => /^\d+_.*\.sql$/.test(file));
  const newest = present
    .map((file) => file.replace(/\.sql$/, ""))
    .sort(compareVersions)
    .at(-1);
  return migrations.flatMap(({ id, from, state }): ImportProblem[] => {
    if (state === "same") return [];
    const taken = [upFile(id), downFile(id)].find((file) => existsSync(join(into, file)));
    if (taken !== undefined) {
      return [
        {
          file: from,
          why: `${taken} is there already and differs`,
          todo: `Compare them; nothing is ever overwritten`,
        },
      ];
    }
    const other = present.find((file) => compareVersions(file, id) === 0);
    if (other !== undefined)
      return [{ file: from, why: `${other} has the same version`, todo: DISTINCT_VERSIONS }];
    if (newest === undefined || compareVersions(id, newest) > 0) return [];
    return [
      {
        file: from,
        why: `it is older than ${newest}, which is there already`,
        todo: "Give it a newer version",
      },
    ];
  });
}

function isThere({ id, up, down }: Pick<PlannedImport, "id" | "up" | "down">, into: string): boolean {
  const holds = (file: string, text: string | null) => {
    const path = join(into, file);
    return text === null ? !existsSync(path) : existsSync(path) && readFileSync(path, "utf8") === text;
  };
  return holds(downFile(id), down) && holds(upFile(id), up);
}

function duplicates(sorted: readonly ForeignMigration[]): ImportProblem[] {
  return sorted.slice(1).flatMap(({ version, file }, index) => {
    const before = sorted[index]!;
    if (compareVersions(before.version, version) !== 0) return [];
    return [{ file, why: `${before.file} has the same version`, todo: "Give one of them a newer version" }];
  });
}

/** The tools that sort names as texts, where "20260102_b" comes after "20260101120000_a". Here versions are numbers. */
const SORTED_AS_TEXT: readonly Layout[] = ["supabase", "dbmate", "prisma", "diesel"];

function otherOrder(migrations: readonly ForeignMigration[], layout: Layout): ImportProblem[] {
  if (!SORTED_AS_TEXT.includes(layout)) return [];
  const key = ({ file, version, name }: ForeignMigration) =>
    layout === "diesel" ? `${version}_${name}` : file;
  const theirs = [...migrations].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  let newest = theirs[0];
  return theirs.flatMap((one) => {
    if (compareVersions(newest?.version ?? "", one.version) <= 0) {
      newest = one;
      return [];
    }
    const why = `${layout} runs it after ${newest?.file}, and its version is the smaller number`;
    return [{ file: one.file, why, todo: "Give its version as many digits as the others have" }];
  });
}

function findGaps(sorted: readonly Numbered[]): ImportProblem[] {
  return sorted.slice(1).flatMap(({ given, file }, index) => {
    const why = gapBetween(sorted[index]!.given, given);
    if (why === null) return [];
    return [{ file, why, todo: "Bring them back, or say why they may be missing: --allow-gaps '<reason>'" }];
  });
}

/** Why our versions have a gap here: as the user says, or because theirs go on from 1.9 to 2.0. `null` for none. */
function whyGap(
  before: Numbered | undefined,
  here: Numbered,
  { gapReason, layout }: Pick<ImportOptions, "gapReason"> & { readonly layout: Layout },
): string | null {
  if (before === undefined) return null;
  const theirs = gapBetween(before.given, here.given);
  if (theirs !== null) return gapReason === undefined ? null : `${theirs}: ${gapReason}`;
  const ours = versionGap(before.version, here.version);
  return ours && `in ${layout} the version before ${here.given} is ${before.given}`;
}

/** What is missing between two versions, in the other tool's words; `null` for neighbours, times, and 1.9 before 2.0. */
function gapBetween(before: string, here: string): string | null {
  const [parent, other] = [before, here].map((version) => /^(?:.*\.)?/.exec(version)?.[0] ?? "") as [
    string,
    string,
  ];
  // Dates with a number for the day have gaps by nature too.
  if (parent !== other || parent.length > "99999.".length) return null;
  return versionGap(before.slice(parent.length), here.slice(parent.length), parent);
}

function nothingFound(
  folder: string,
  { layout, skipped }: ForeignFolder,
  from: ImportOptions["from"],
): ImportProblem {
  const inside = [...skipped, ...foldersOf(folder).map((name) => `${name}/`)];
  const there = inside.length === 0 ? "it is empty" : `there is only ${inside.slice(0, 5).join(", ")}`;
  const programs = skipped.filter((file) => PROGRAM.test(file));
  if (programs.length > 0) {
    const why = `its migrations are programs, such as ${programs[0]}, and what they do no text tells`;
    return { file: folder, why, todo: "Write them as SQL, or begin with a dump of the schema they lead to" };
  }
  return from === "auto"
    ? {
        file: folder,
        why: `it holds no migrations in a layout that is known: ${there}`,
        todo: `Name the folder that holds them. A file is called <digits>_<name>.sql; the tools that are known: ${layouts.join(", ")}`,
      }
    : {
        file: folder,
        why: `it holds no migration in the layout of ${layout}: ${there}`,
        todo: "Name the folder that holds them, and the tool with --from",
      };
}

function ourName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^_+|_+$/g, "") || "migration"
  );
}
