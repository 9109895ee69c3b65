import { SlipwayError } from "@slipway/kernel";
import { z } from "zod";
import { type Explanation, explainIssues } from "../problems/explain-issues.ts";
import { isVersion, refuseVersion } from "../version.ts";

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable");
const fromEnvironment = z.strictObject({ env: variableName });
const seconds = z.number().min(0, "must not be negative");

const rollout = z.strictObject({
  steps: z
    .array(z.number().int().min(1).max(100))
    .min(1, "is empty")
    .refine((steps) => steps.at(-1) === 100, "must end at 100")
    .refine((steps) => steps.every((step, index) => index === 0 || step > steps[index - 1]!), "must ascend")
    .optional()
    .describe("Percent of the traffic, step by step"),
  soakSeconds: seconds.optional().describe("How long each step but the last is watched"),
  maxErrorRate: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of failed requests, 0 to 1, above which a step is a breach"),
  minSamples: z.number().int().min(0).optional().describe("Fewer requests than this conclude nothing"),
});

const laterTargets = ["docker", "compose", "swarm", "kubernetes"];
const target = z.literal("local", {
  error: ({ input }) =>
    laterTargets.includes(String(input))
      ? `${input} is reserved: so far services run on this machine only, write local`
      : "must be local",
});

/** Everything that a stack may say under `slipway:`. Unknown keys are errors. */
export const stackConfigSchema = z.strictObject({
  release: z.string().describe("The pin: the release that the environment has to have"),
  target: target.optional().describe("What the environment runs on"),
  database: z
    .union(
      [z.strictObject({ embedded: z.literal(true) }), fromEnvironment],
      "must be {embedded: true}, or {env: NAME}",
    )
    .optional()
    .describe("The environment's database: the embedded one, or the variable that holds its URL"),
  port: z.number().int().min(1).max(65535).optional().describe("Where the router listens, on loopback"),
  env: z
    .record(variableName, z.union([z.string(), fromEnvironment], "must be a text in quotes, or {env: NAME}"))
    .optional()
    .describe("A service's variable: a literal, or {env: NAME} of the run's own"),
  rollout: rollout.optional().describe("How traffic moves to a new release"),
  readySeconds: seconds.optional().describe("How long a service may take to get ready"),
  stabilitySeconds: seconds.optional().describe("How long it has to stay ready before it counts"),
  drainSeconds: seconds
    .optional()
    .describe("How long requests of an instance may take to end before it is stopped"),
  onFailure: z
    .enum(["rollback", "hold", "flag-off"], "must be rollback, hold or flag-off")
    .optional()
    .describe(
      "After a failed release: go back to the last that passed, leave it to a person, or kill the flags that it brought and leave the rest to a person",
    ),
  lockTimeoutSeconds: z
    .number()
    .min(0.01, "must be at least 0.01: without a limit everybody would queue behind a migration")
    .max(2_000_000)
    .optional()
    .describe("How long one try of a migration waits for a lock, unless the migration says otherwise"),
  statementTimeoutSeconds: seconds
    .max(2_000_000)
    .optional()
    .describe(
      "How long one statement of a migration may run, unless the migration says otherwise; 0: no limit",
    ),
  supabaseHistory: z
    .enum(["auto", "always", "never"], { error: "must be auto, always or never" })
    .optional()
    .describe("Whether supabase_migrations is kept up besides the ledger: auto where it is there"),
  allowDataLoss: z
    .array(z.string())
    .optional()
    .describe("Ids of migrations whose rollback may lose data; it is saved first"),
  allowDrift: z
    .array(z.string())
    .optional()
    .describe(
      "Heads (ids of newest migrations) that may be rolled back although the schema was changed by hand",
    ),
});

/** A stack's configuration as it is written, without defaults. */
export type StackConfig = z.infer<typeof stackConfigSchema>;

// A gate that is written down and not kept would be worse than none, so these are refused and not ignored.
const reserved: Readonly<Record<string, string>> = {
  hosts: "is reserved: so far services run on this machine only",
  approvals: "is reserved: approvals are not enforced yet, and a rule that nobody keeps misleads",
  windows: "is reserved: release windows are not enforced yet, and a rule that nobody keeps misleads",
};

/**
 * Checks the configuration of a stack: the keys under `slipway:`, without that prefix, as values.
 *
 * @param source the file, for the error.
 * @param lineOf the line of a path, where the values came from a file.
 * @throws {SlipwayError} CONFIG_INVALID with the path of each wrong key; VERSION_INVALID and REFERENCE_MUTABLE for
 *   a pin that does not name one release.
 * @example
 * parseStackConfig({ release: "1.1.0", port: 8080 }, "Pulumi.dev.yaml");
 */
export function parseStackConfig(
  value: unknown,
  source: string,
  lineOf?: NonNullable<Explanation["lineOf"]>,
): StackConfig {
  const parsed = stackConfigSchema.safeParse(unquoteNumbers(value));
  const todo = `Correct the named keys under slipway: in ${source}`;
  if (!parsed.success) {
    throw new SlipwayError("CONFIG_INVALID", {
      what: `Cannot use the configuration in "${source}"`,
      why: explainIssues(parsed.error, stackConfigSchema, value, { reserved, ...(lineOf && { lineOf }) }),
      todo,
    });
  }
  const { release } = parsed.data;
  if (!isVersion(release)) throw refuseVersion(release, `Cannot use the pin in "${source}"`);
  return parsed.data;
}

// Pulumi puts every plain number in quotes when it rewrites a stack file, as it does for a new stack.
function unquoteNumbers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const shape: Readonly<Record<string, z.ZodType>> = stackConfigSchema.shape;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const isQuotedNumber = typeof member === "string" && /^-?\d+(?:\.\d+)?$/.test(member);
      const wantsNumber = isQuotedNumber && shape[key]?.safeParse(member).success === false;
      return [key, wantsNumber ? Number(member) : member];
    }),
  );
}

/** The format of the keys under `slipway:`, without that prefix, for other tools. */
export function stackConfigJsonSchema(): unknown {
  return z.toJSONSchema(stackConfigSchema, { io: "input" });
}
