import { filesOf, textOf } from "./folder-files.ts";
import type { ForeignFolder, ForeignMigration, ImportProblem } from "./foreign-migration.ts";

/** How a tool marks the two halves of a file. */
interface Marks {
  readonly layout: "dbmate" | "node-pg-migrate";
  readonly up: RegExp;
  readonly down: RegExp;
  /** The marks as people know them. */
  readonly words: readonly [string, string];
}

const marks: Readonly<Record<Marks["layout"], Marks>> = {
  dbmate: {
    layout: "dbmate",
    up: /^--[ \t]*migrate:up\b.*$/m,
    down: /^--[ \t]*migrate:down\b.*$/m,
    words: ["-- migrate:up", "-- migrate:down"],
  },
  "node-pg-migrate": {
    layout: "node-pg-migrate",
    up: /^[ \t]*--[\s-]*up[ \t]+migration.*$/im,
    down: /^[ \t]*--[\s-]*down[ \t]+migration.*$/im,
    words: ["-- Up Migration", "-- Down Migration"],
  },
};

/** Whether a text is marked as this tool does. */
export function isMarked(layout: Marks["layout"], text: string): boolean {
  return marks[layout].up.test(text) || marks[layout].down.test(text);
}

/** Reads a folder of files that hold both halves, divided by comments: dbmate's and node-pg-migrate's SQL. */
export function readBothInOne(folder: string, layout: Marks["layout"]): ForeignFolder {
  const problems: ImportProblem[] = [];
  const skipped: string[] = [];
  const migrations: ForeignMigration[] = [];
  for (const file of filesOf(folder)) {
    const [, version, name] = /^(\d+)[_-](.*)\.sql$/.exec(file) ?? [];
    if (version === undefined || name === undefined) {
      if (/\.(?:js|ts|cjs|mjs)$/.test(file)) {
        const why = "it is a program, and what it does no text tells";
        problems.push({ file, why, todo: "Write it as SQL, for example from what its --dry-run prints" });
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
  { up, down, words, layout }: Marks,
): { up: string; down: string | null } | string {
  const first = up.exec(text);
  const second = down.exec(text);
  if (layout === "dbmate" && (first === null || second === null)) {
    return `it has no line ${words[first === null ? 0 : 1]}`;
  }
  if (first !== null && second !== null && second.index < first.index)
    return `${words[1]} comes before ${words[0]}`;
  const begin = first === null ? 0 : first.index + first[0].length;
  const upText = text.slice(begin, second?.index).trim();
  return {
    up: `${upText}\n`,
    down: second === null ? null : `${text.slice(second.index + second[0].length).trim()}\n`,
  };
}
