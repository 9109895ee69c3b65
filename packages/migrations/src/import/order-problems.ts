import { compareVersions } from "../migration.ts";
import { versionGap } from "../read/version-gap.ts";
import type { ForeignMigration, ImportProblem, Layout } from "./foreign-migration.ts";
import type { ImportOptions } from "./import-plan.ts";

/** A migration with its version as it will be here, and as the other tool has it. */
export interface Numbered extends ForeignMigration {
  readonly given: string;
}

/** Versions that two files share, and an order that the other tool reads from names as texts. */
export function orderProblems(sorted: readonly Numbered[], layout: Layout): ImportProblem[] {
  return [...duplicates(sorted), ...otherOrder(sorted, layout)];
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

/** Versions that are missing, each at the file after it. */
export function findGaps(sorted: readonly Numbered[]): ImportProblem[] {
  return sorted.slice(1).flatMap(({ given, file }, index) => {
    const why = gapBetween(sorted[index]!.given, given);
    if (why === null) return [];
    return [{ file, why, todo: "Bring them back, or say why they may be missing: --allow-gaps '<reason>'" }];
  });
}

/** Why our versions have a gap here: as the user says, or because theirs go on from 1.9 to 2.0. `null` for none. */
export function whyGap(
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
