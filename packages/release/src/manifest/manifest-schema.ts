import { z } from "zod";
import { isVersion } from "./version.ts";

const digest = z
  .string()
  .regex(
    /^sha256:[0-9a-f]{64}$/,
    "must be sha256: and 64 hexadecimal characters; a tag or a branch can change under the release",
  );
const version = z.string().refine(isVersion, "must be semantic versioning without a v, like 1.4.0");
const path = z.string().startsWith("/");

const health = z.strictObject({
  live: path.describe("Answers 200 while the process lives"),
  ready: path.describe("Answers 200 when the service can serve, its schema included"),
  meta: path.describe("Answers {service, version, commit, digest} as stamped at the build"),
});

const service = z.strictObject({
  version: version.describe(
    "The release in which the service last changed; an unchanged one is not restarted",
  ),
  artifact: digest.describe("Of the packed artifact, the stamp included"),
  build: digest.describe("Of the artifact's content without the stamp: what /meta has to answer"),
  command: z.array(z.string()).min(1).describe("Program and arguments, run in the unpacked artifact"),
  path: path.describe("The public path prefix that the router sends to it"),
  port: z.string().describe("Name of the variable that carries the port to listen on"),
  health,
  env: z.array(z.string()).describe("Names of the variables that it needs"),
});

const migration = z.strictObject({
  id: z.string(),
  up: digest,
  down: digest.nullable(),
  phase: z.enum(["expand", "contract"]),
  kind: z.enum(["lossless", "lossy", "irreversible"]),
});

/** What a release is: immutable, content-addressed, complete. Unknown keys are errors. */
export const manifestSchema = z.strictObject({
  schema: z.literal(1).describe("Version of this format"),
  version,
  commit: z.string().regex(/^[0-9a-f]{40}$/, "must be a full commit id of 40 hexadecimal characters"),
  createdAt: z.iso.datetime(),
  services: z.record(z.string(), service),
  migrations: z.array(migration).describe("In the order of application"),
  heads: z
    .strictObject({ min: z.string().nullable(), max: z.string().nullable() })
    .describe("The schema heads between which the release's services run"),
  flags: z.array(z.never()).describe("Feature flags; none yet"),
  functions: z.strictObject({}).describe("Edge functions; none yet"),
  sites: z.strictObject({}).describe("Static sites; none yet"),
  config: z.record(z.string(), z.string()).describe("Variables that every service gets, part of the release"),
  smoke: z.unknown().nullable().describe("The product's own smoke checks, beside health, version and build"),
  digest: digest.describe("Of the canonical JSON of everything else"),
});

/** A release's manifest. */
export type Manifest = z.infer<typeof manifestSchema>;

/** One service of a release. */
export type ServiceRelease = z.infer<typeof service>;

/** The manifest's format for other tools. */
export function manifestJsonSchema(): unknown {
  return z.toJSONSchema(manifestSchema, { io: "input" });
}
