import { SlipwayError } from "@slipway/kernel";
import { z } from "zod";
import { explainIssues } from "./explain-issues.ts";

const variable = z.union([z.string(), z.strictObject({ env: z.string() })]);
const seconds = z.number().min(0);

const rollout = z.strictObject({
  steps: z
    .array(z.number().int().min(1).max(100))
    .min(1)
    .refine((steps) => steps.at(-1) === 100, "must end at 100")
    .refine(
      (steps) => steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0)),
      "must ascend",
    )
    .optional()
    .describe("Percent of the traffic, step by step"),
  soakSeconds: seconds.optional().describe("How long each step but the last is watched"),
  maxErrorRate: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of failed requests above which a step is a breach"),
  minSamples: z.number().int().min(0).optional().describe("Fewer requests than this conclude nothing"),
});

/** Everything that a stack may say under `slipway:`. Unknown keys are errors. */
export const stackConfigSchema = z.strictObject({
  release: z.string().describe("The pin: the release that the environment has to have"),
  target: z
    .literal("local", "only the target local is there yet")
    .optional()
    .describe("What the environment runs on"),
  database: z
    .union(
      [z.strictObject({ embedded: z.literal(true) }), z.strictObject({ env: z.string() })],
      "must be {embedded: true}, or {env: NAME}",
    )
    .optional()
    .describe("The environment's database: the embedded one, or the variable that holds its URL"),
  port: z.number().int().min(1).max(65535).optional().describe("Where the router listens, on loopback"),
  env: z
    .record(z.string(), variable)
    .optional()
    .describe("A service's variable: a literal, or {env: NAME} of the run's own"),
  rollout: rollout.optional().describe("How traffic moves to a new release"),
  readySeconds: seconds.optional().describe("How long a service may take to get ready"),
  stabilitySeconds: seconds.optional().describe("How long it has to stay ready before it counts"),
  drainSeconds: seconds
    .optional()
    .describe("How long requests of an instance may take to end before it is stopped"),
  onFailure: z
    .enum(["rollback", "hold"])
    .optional()
    .describe("After a failed release: go back to the last that passed, or leave it to a person"),
  allowDataLoss: z
    .array(z.string())
    .optional()
    .describe("Ids of migrations whose rollback may lose data; it is saved first"),
});

/** A stack's configuration as it is written, without defaults. */
export type StackConfig = z.infer<typeof stackConfigSchema>;

/**
 * Checks the configuration of a stack.
 *
 * @param source the file, for the error.
 * @throws {SlipwayError} CONFIG_INVALID, with the path of each wrong key.
 */
export function parseStackConfig(value: unknown, source: string): StackConfig {
  const parsed = stackConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SlipwayError("CONFIG_INVALID", {
    what: `Cannot use the configuration in "${source}"`,
    why: explainIssues(parsed.error, stackConfigSchema),
    todo: `Correct the named keys under slipway: in stacks/${source.split("/").at(-1)}`,
  });
}

/** The format for editors. */
export function stackConfigJsonSchema(): unknown {
  return z.toJSONSchema(stackConfigSchema, { io: "input" });
}
