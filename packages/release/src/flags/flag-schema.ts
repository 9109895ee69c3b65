import { z } from "zod";
import { isVersion } from "../version.ts";

const key = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "must be 1 to 100 letters, digits, dots, dashes and underscores, and begin with a letter or digit",
  );
const text = z.string().trim().min(1, "is empty").max(500, "is longer than 500 characters");
const date = z.iso.date("must be a date like 2026-12-31");

/** A flag as people declare it in the product file. */
export const flagDeclarationSchema = z.strictObject({
  key: key.describe("The name that code asks for; stable"),
  description: text.describe("What is on when it is on"),
  owner: text.describe("Who decides about it, and removes it when its time is over"),
  safe: z
    .boolean()
    .default(false)
    .describe("What a process serves that never learned the flag's state; a killed flag is off in any case"),
  expires: z
    .string()
    .refine(
      (value) => value === "never" || date.safeParse(value).success,
      "must be a date like 2026-12-31, or never for a lasting kill switch",
    )
    .describe("The day after which it counts as stale, or never"),
  salt: key
    .optional()
    .describe("What is hashed with the user's id; default the key. A renamed flag keeps its old salt"),
});

/** A flag of a release, every default filled in. */
export const releaseFlagSchema = z.strictObject({
  key,
  description: text,
  owner: text,
  release: z
    .string()
    .refine(isVersion, "must be semantic versioning without a v, like 1.4.0")
    .describe("The release that brought the flag"),
  safe: z.boolean().describe("What a process serves that never learned the flag's state"),
  expires: date.nullable().describe("The day after which it counts as stale; null for a lasting kill switch"),
  salt: key.describe("What is hashed with the user's id; it never changes while the flag lives"),
});

/** A flag as the product file declares it. */
export type FlagDeclaration = z.infer<typeof flagDeclarationSchema>;

/** A flag of a release. */
export type ReleaseFlag = z.infer<typeof releaseFlagSchema>;

/** Adds an issue for every key that a list of flags has twice. */
export function refuseTwins(flags: readonly { readonly key: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { key }] of flags.entries()) {
    if (seen.has(key))
      context.addIssue({ code: "custom", path: [index, "key"], message: `${key} is declared twice` });
    seen.add(key);
  }
}
