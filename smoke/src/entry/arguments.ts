import { closestWord, SlipwayError } from "@slipway/kernel";
import { durationMs } from "../definition/duration.ts";
import { type Format, formats } from "../reports/render.ts";

export type Output = Format | "ndjson";
const outputs: readonly string[] = [...formats, "ndjson"];

const sources = ["openapi", "hurl", "postman"] as const;
export type ImportSource = (typeof sources)[number];

/** What `release` and `run` have in common. */
export interface RunArguments {
  readonly output: Output;
  /** Reports that go to files. */
  readonly reports: readonly { readonly format: Format; readonly path: string }[];
  readonly deadlineMs?: number;
  readonly suite?: string;
  readonly tags?: readonly string[];
  /** A file with what must answer. */
  readonly expected?: string;
  readonly release?: string;
}

/** The command line, understood. */
export type Arguments =
  | { readonly verb: "help" | "schema" | "version" }
  | ({ readonly verb: "release" } & RunArguments)
  | ({ readonly verb: "run" | "flags"; readonly file: string } & RunArguments)
  | { readonly verb: "import"; readonly from: ImportSource; readonly file: string };

const verbs = ["release", "run", "flags", "import", "schema", "version", "help"];

/**
 * Reads the command line.
 *
 * @throws {SlipwayError} USAGE
 */
export function parseArguments(args: readonly string[]): Arguments {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "help" || args.includes("--help") || args.includes("-h"))
    return { verb: "help" };
  if (verb === "--version") return { verb: "version" };
  const { options, positional } = split(rest);
  switch (verb) {
    case "schema":
    case "version":
      only(positional, 0, `${verb} takes no arguments`);
      return { verb };
    case "release":
      only(positional, 0, "release takes no file: it reads SLIPWAY_SMOKE_EXPECTED");
      return { verb, ...runArguments(options) };
    case "run":
    case "flags":
      only(positional, 1, `${verb} takes one suite file`);
      return { verb, file: positional[0]!, ...runArguments(options) };
    case "import": {
      only(positional, 2, `import takes ${sources.join(", ")} and a file`);
      const [from, file] = positional as [string, string];
      if (!sources.includes(from as ImportSource)) throw unknown("source", from, sources);
      return { verb, from: from as ImportSource, file };
    }
    default:
      throw unknown("verb", verb, verbs);
  }
}

const known = ["output", "report", "deadline", "suite", "tag", "expected", "release"];

type Options = Readonly<Record<string, readonly string[]>>;

function split(args: readonly string[]): { options: Options; positional: string[] } {
  const options: Record<string, string[]> = {};
  const positional: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const [, name, inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[at]!) ?? [];
    if (name === undefined) {
      if (args[at]!.startsWith("-")) throw misused(`${args[at]} is not understood`);
      positional.push(args[at]!);
      continue;
    }
    if (!known.includes(name)) throw unknown("option", name, known);
    const value = inline ?? args[++at];
    if (value === undefined || value === "") throw misused(`--${name} needs a value`);
    options[name] = [...(options[name] ?? []), value];
  }
  return { options, positional };
}

function runArguments(options: Options): RunArguments {
  const one = (name: string): string | undefined => {
    if ((options[name]?.length ?? 0) > 1) throw misused(`--${name} is given twice`);
    return options[name]?.[0];
  };
  const output = one("output") ?? "text";
  if (!outputs.includes(output)) throw unknown("output", output, outputs);
  const deadline = one("deadline");
  const [suite, expected, release] = [one("suite"), one("expected"), one("release")];
  return {
    output: output as Output,
    reports: (options.report ?? []).map(reportTarget),
    ...(deadline === undefined ? {} : { deadlineMs: deadlineOf(deadline) }),
    ...(suite === undefined ? {} : { suite }),
    ...(options.tag === undefined ? {} : { tags: options.tag.flatMap((tags) => tags.split(",")) }),
    ...(expected === undefined ? {} : { expected }),
    ...(release === undefined ? {} : { release }),
  };
}

function reportTarget(text: string): RunArguments["reports"][number] {
  const at = text.indexOf("=");
  const [format, path] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || path === "") throw misused("--report takes format=file, for example junit=smoke.xml");
  if (!(formats as readonly string[]).includes(format)) throw unknown("report format", format, formats);
  return { format: format as Format, path };
}

function deadlineOf(text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    throw misused(`--deadline ${(error as RangeError).message}`);
  }
}

function only(positional: readonly string[], count: number, why: string): void {
  if (positional.length !== count) throw misused(why);
}

function unknown(what: string, word: string, words: readonly string[]): SlipwayError {
  const near = closestWord(word, words);
  const advice = near === null ? `there are ${words.join(", ")}` : `did you mean ${near}?`;
  return misused(`there is no ${what} ${JSON.stringify(word)}; ${advice}`);
}

function misused(why: string): SlipwayError {
  return new SlipwayError("USAGE", {
    what: "Cannot understand the command line",
    why,
    todo: "Run slipway-smoke help",
  });
}
