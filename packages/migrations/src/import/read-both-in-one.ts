import { filesOf, PROGRAM, textOf } from "./folder-files.ts";
import type { ForeignFolder, ForeignMigration, ImportProblem } from "./foreign-migration.ts";

/** How a tool marks the two halves of a file. */
interface Marks {
  readonly layout: "dbmate" | "node-pg-migrate" | "goose" | "sql-migrate";
  readonly up: RegExp;
  readonly down: RegExp;
  /** The marks as people know them. */
  readonly words: readonly [string, string];
  /** The marks without which the tool itself refuses a file. */
  readonly required: readonly ("up" | "down")[];
}

const marks: Readonly<Record<Marks["layout"], Marks>> = {
  dbmate: {
    layout: "dbmate",
    up: /^--[ \t]*migrate:up\b.*$/m,
    down: /^--[ \t]*migrate:down\b.*$/m,
    words: ["-- migrate:up", "-- migrate:down"],
    required: ["up", "down"],
  },
  "node-pg-migrate": {
    layout: "node-pg-migrate",
    up: /^[ \t]*--[\s-]*up[ \t]+migration.*$/im,
    down: /^[ \t]*--[\s-]*down[ \t]+migration.*$/im,
    words: ["-- Up Migration", "-- Down Migration"],
    required: [],
  },
  goose: {
    layout: "goose",
    up: /^[ \t]*--[ \t]*\+goose[ \t]+up\b.*$/im,
    down: /^[ \t]*--[ \t]*\+goose[ \t]+down\b.*$/im,
    words: ["-- +goose Up", "-- +goose Down"],
    required: ["up"],
  },
  "sql-migrate": {
    layout: "sql-migrate",
    up: /^[ \t]*--[ \t]*\+migrate[ \t]+up\b.*$/im,
    down: /^[ \t]*--[ \t]*\+migrate[ \t]+down\b.*$/im,
    words: ["-- +migrate Up", "-- +migrate Down"],
    required: ["up"],
  },
};

/** The tools that divide a file by comments. */
export const markedLayouts = Object.values(marks).map(({ layout }) => layout);

/** Whether a text is marked as this tool does. */
export function isMarked(layout: Marks["layout"], text: string): boolean {
  return marks[layout].up.test(text) || marks[layout].down.test(text);
}

/** Reads a folder of files that hold both halves, divided by comments: those of dbmate, node-pg-migrate (SQL), goose, sql-migrate. */
export function readBothInOne(folder: string, layout: Marks["layout"]): ForeignFolder {
  const problems: ImportProblem[] = [];
  const skipped: string[] = [];
  const migrations: ForeignMigration[] = [];
  for (const file of filesOf(folder)) {
    const [, version, name] = /^(\d+)[_-](.*)\.sql$/.exec(file) ?? [];
    if (version === undefined || name === undefined) {
      if (PROGRAM.test(file)) {
        const why = "it is a program, and what it does no text tells";
        const how = layout === "node-pg-migrate" ? ", for example from what its --dry-run prints" : "";
        problems.push({ file, why, todo: `Write it as SQL${how}` });
      } else skipped.push(file);
      continue;
    }
    const text = textOf(folder, file);
    const halves = split(text, marks[layout]);
    if (typeof halves === "string")
      problems.push({ file, why: halves, todo: "Correct the comments that divide the file" });
    else migrations.push({ version, name, file, downFile: halves.down === null ? null : file, ...halves });
  }
  return { layout, migrations, problems, skipped };
}

function split(
  text: string,
  { up, down, words, required, layout }: Marks,
): { up: string; down: string | null } | string {
  const first = up.exec(text);
  const second = down.exec(text);
  const missing = required.find((half) => (half === "up" ? first : second) === null);
  if (missing !== undefined) return `it has no line ${words[missing === "up" ? 0 : 1]}`;
  if (layout === "goose" && /^[ \t]*--[ \t]*\+goose[ \t]+envsub[ \t]+on\b/im.test(text))
    return "goose fills environment variables into it (-- +goose ENVSUB ON), and a migration here is SQL as it stands";
  if (first !== null && second !== null && second.index < first.index)
    return `${words[1]} comes before ${words[0]}`;
  const begin = first === null ? 0 : first.index + first[0].length;
  return {
    up: half(text, begin, second?.index),
    down: second === null ? null : half(text, second.index + second[0].length),
  };
}

/** One half, on the lines that it has in the file. */
function half(text: string, from: number, to?: number): string {
  const before = text.slice(0, from).replace(/[^\n]+/g, "");
  return `${before}${withEnds(text.slice(from, to)).trimEnd()}\n`;
}

// Where goose or sql-migrate end a statement, it need not end in a semicolon.
function withEnds(sql: string): string {
  return sql.replace(
    /^[ \t]*--[ \t]*\+(?:goose|migrate)[ \t]+statementend\b/gim,
    (mark: string, at: number) => (/(?:;|^)\s*$/.test(sql.slice(0, at)) ? mark : `; ${mark}`),
  );
}
