import { nameSome, SlipwayError } from "@slipway/kernel";
import { compareVersions, downFile, type Migration, upFile } from "../migration.ts";
import type { ReplacedMigration } from "../plan/match-chains.ts";
import { replacesLine } from "../read/replaces-directive.ts";
import { joinable } from "./joinable.ts";

/** Why migrations cannot be made one. */
export interface SquashProblem {
  readonly id: string;
  readonly why: string;
}

/** One migration that stands for the first ones of a folder, before it is written. */
export interface SquashPlan {
  readonly id: string;
  /** Those that it is made of, in their order; a squashed one among them gives what it replaces. */
  readonly parts: readonly string[];
  readonly replaces: readonly ReplacedMigration[];
  readonly up: string;
  /** Null where one of them cannot be undone. */
  readonly down: string | null;
  /** Not empty: nothing is written. */
  readonly problems: readonly SquashProblem[];
}

/** Which migrations are made one, and how that one is called. */
export interface SquashOptions {
  /** The last one, by id or version. */
  readonly through: string;
  readonly name: string;
}

/**
 * Plans one migration in the place of the first ones of a folder: their SQL in its order, and their rollbacks in reverse.
 * Its version is the highest of theirs, so that it stays before what comes after them. Pure but for the parser.
 *
 * @param migrations all of the folder, in their order.
 * @throws {SlipwayError} USAGE for a `through` that is not there, SQUASH_REFUSED where there is only one.
 */
export async function planSquash(
  migrations: readonly Migration[],
  { through, name }: SquashOptions,
): Promise<SquashPlan> {
  const end = migrations.findIndex(({ id, version }) => id === through || version === through);
  if (end === -1) {
    throw new SlipwayError("USAGE", {
      what: `Cannot squash up to "${through}"`,
      why: "there is no such file in the migrations folder",
      todo: "Name a migration by its id or version: slipway migrate status lists them",
    });
  }
  const parts = migrations.slice(0, end + 1);
  if (parts.length < 2) {
    throw new SlipwayError("SQUASH_REFUSED", {
      what: "Cannot squash the migrations",
      why: `there is only one up to "${parts[0]?.id}"`,
      todo: "Name a later migration with --through",
    });
  }
  const version = parts.map((part) => part.version).reduce((a, b) => (compareVersions(a, b) < 0 ? b : a));
  const id = `${version}_${name}`;
  const replaces = parts.flatMap((part) => part.replaces ?? [part]).map(checksums);
  const problems = [...placeProblems(id, parts, migrations.slice(end + 1))];
  const ups: string[] = [];
  const downs: string[] = [];
  for (const part of parts) {
    const up = await joinable({ file: upFile(part.id), text: part.up });
    const down = part.down === null ? null : await joinable({ file: downFile(part.id), text: part.down });
    problems.push(...[...up.problems, ...(down?.problems ?? [])].map((why) => ({ id: part.id, why })));
    ups.push(`-- ${upFile(part.id)}\n${up.text}`);
    if (down !== null) downs.unshift(`-- ${downFile(part.id)}\n${down.text}`);
  }
  const forever = parts.find(({ down }) => down === null);
  const kind =
    forever === undefined
      ? "-- slipway: lossy undoing it takes away all that it made"
      : `-- slipway: irreversible ${forever.id} in it cannot be undone`;
  const head = [
    `-- ${parts.length} migrations as one, for new databases: whoever has applied those has this one.`,
    kind,
    ...replaces.map(replacesLine),
  ];
  return {
    id,
    parts: parts.map((part) => part.id),
    replaces,
    up: `${head.join("\n")}\n\n${ups.join("\n")}`,
    down: forever === undefined ? downs.join("\n") : null,
    problems,
  };
}

/** @throws {SlipwayError} SQUASH_REFUSED naming each migration and what keeps it from being joined. */
export function refuseSquash({ problems }: Pick<SquashPlan, "problems">): void {
  if (problems.length === 0) return;
  throw new SlipwayError("SQUASH_REFUSED", {
    what: "Cannot squash the migrations",
    why: nameSome(
      problems.map(({ id, why }) => `${id}: ${why}`),
      8,
    ),
    todo: `Squash up to the last one before ${problems[0]!.id} with --through`,
  });
}

function placeProblems(
  id: string,
  parts: readonly Migration[],
  rest: readonly Migration[],
): readonly SquashProblem[] {
  const taken = [...parts.flatMap((part) => [part, ...(part.replaces ?? [])]), ...rest];
  return [
    ...(taken.some((one) => one.id === id)
      ? [{ id, why: "there is a migration of this name: give another one with --name" }]
      : []),
    ...rest
      .filter((one) => one.late === undefined && compareVersions(one.id, id) <= 0)
      .map((one) => ({ id: one.id, why: `it is not newer than "${id}", and has to be squashed too` })),
  ];
}

function checksums({ id, upSha256, downSha256 }: ReplacedMigration): ReplacedMigration {
  return { id, upSha256, downSha256 };
}
