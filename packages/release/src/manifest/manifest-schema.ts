import { compareVersions } from "@slipway/migrations";
import { z } from "zod";
import { refuseTwins, releaseFlagSchema } from "../flags/flag-schema.ts";
import { compareReleases, isVersion } from "../version.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const COMMIT = /^[0-9a-f]{40}$/;

const digest = z.string().regex(DIGEST, "must be sha256: and 64 lower-case hexadecimal characters");
const version = z.string().refine(isVersion, "must be semantic versioning without a v, like 1.4.0");
const path = z.string().startsWith("/", "must start with /");

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
  port: z.string().min(1).describe("Name of the variable that carries the port to listen on"),
  health,
  env: z.array(z.string()).describe("Names of the variables that it needs"),
});

const migrationFiles = {
  id: z.string().regex(/^\d+_[a-z0-9_]+$/, "must be the migration's file name without .sql"),
  up: digest.describe("Of the migration's file"),
  down: digest.nullable().describe("Of the rollback's file; null only where it cannot be undone"),
};

const migration = z.strictObject({
  ...migrationFiles,
  phase: z
    .enum(["expand", "contract"])
    .describe("Tolerated by the older app, or applied only when that has stopped"),
  kind: z.enum(["lossless", "lossy", "irreversible"]).describe("What undoing it costs"),
  unproved: z
    .strictObject({
      reason: z.string().min(1).describe("In the words of whoever allowed it"),
      until: z.iso.date().nullable().describe("The waiver's last day; null for one cut alone"),
    })
    .optional()
    .describe("The release was cut without a proof of the rollback"),
  late: z
    .strictObject({
      after: z.string().describe("The migration that it follows"),
      reason: z.string().min(1).describe("In its author's words"),
    })
    .optional()
    .describe("It is applied after a migration with a higher version"),
  gap: z.string().min(1).optional().describe("Why versions before it are missing"),
  replaces: z
    .array(z.strictObject(migrationFiles))
    .min(1)
    .optional()
    .describe("The released migrations that a squashed one stands for: a database that ran them has it"),
});

const head = z.string().nullable();

/** What a release is: immutable, content-addressed, complete. Unknown keys are errors. */
export const manifestSchema = z
  .strictObject({
    schema: z
      .literal(1, "must be 1; a higher number needs a newer Slipway")
      .describe("Version of this format"),
    version,
    commit: z.string().regex(COMMIT, "must be a full commit id of 40 lower-case hexadecimal characters"),
    createdAt: z.iso
      .datetime()
      .describe("When the commit was made: cutting it again gives the same manifest"),
    services: z.record(z.string(), service).describe("By name; at least one"),
    migrations: z.array(migration).describe("In the order of application"),
    heads: z
      .strictObject({
        min: head.describe("The last migration that the services cannot start without"),
        max: head.describe("The release's last migration"),
      })
      .describe("The schema heads between which the release's services run"),
    flags: z
      .array(releaseFlagSchema)
      .superRefine(refuseTwins)
      .describe("Feature flags by key: what they are; whether they are on is the environment's"),
    functions: z.strictObject({}).describe("Edge functions; none yet"),
    sites: z.strictObject({}).describe("Static sites; none yet"),
    config: z
      .record(z.string(), z.string())
      .describe("Variables that every service gets, part of the release"),
    smoke: z
      .looseObject({ checks: z.array(z.unknown()).min(1) })
      .nullable()
      .describe("The product's own smoke checks, inline, so that a rollback needs no other file"),
    digest: digest.describe("Of the canonical JSON of everything else"),
  })
  .superRefine(refuseContradictions);

/** A release's manifest. */
export type Manifest = z.infer<typeof manifestSchema>;

/** One service of a release. */
export type ServiceRelease = z.infer<typeof service>;

/** The product's smoke checks, as the smoke package reads them, or null where a product has none. */
export type SmokeRef = Manifest["smoke"];

/** The manifest's format for other tools. */
export function manifestJsonSchema(): unknown {
  return z.toJSONSchema(manifestSchema, { io: "input" });
}

/**
 * Whether a value stands in the place of a digest or a commit and is neither, nor a damaged one: a tag, a branch
 * or a short commit, which can mean something else tomorrow.
 */
export function isMutableReference(path: readonly PropertyKey[], value: unknown): boolean {
  if (typeof value !== "string") return false;
  const key = path.at(-1);
  if (key === "commit") return !COMMIT.test(value);
  return ["artifact", "build", "up", "down"].includes(String(key)) && !/^sha256:/.test(value);
}

function refuseContradictions(
  {
    version,
    services,
    migrations,
    heads,
    flags,
  }: Pick<Manifest, "version" | "services" | "migrations" | "heads" | "flags">,
  context: z.RefinementCtx,
): void {
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  if (Object.keys(services).length === 0) refuse(["services"], "is empty");
  for (const [name, { version: changed }] of Object.entries(services)) {
    if (isVersion(version) && isVersion(changed) && compareReleases(changed, version) > 0) {
      refuse(["services", name, "version"], `is newer than the release: ${changed}`);
    }
  }
  for (const [index, { release: brought }] of flags.entries()) {
    if (isVersion(version) && isVersion(brought) && compareReleases(brought, version) > 0)
      refuse(["flags", index, "release"], `is newer than the release: ${brought}`);
  }
  const ids = migrations.map(({ id }) => id);
  const every = migrations.flatMap(({ id, replaces = [] }) => [...replaces.map((one) => one.id), id]);
  if (new Set(every).size < every.length) refuse(["migrations"], "names a migration twice");
  const second = migrations.findIndex(({ replaces }, index) => replaces !== undefined && index > 0);
  if (second !== -1)
    refuse(["migrations", second, "replaces"], "only the first migration can replace others");
  if (migrations[0]?.replaces !== undefined && migrations[0].phase !== "expand")
    refuse(["migrations", 0, "phase"], "must be expand: a squashed migration makes new databases");
  for (const [index, { id, late }] of migrations.entries()) {
    const before = ids.slice(0, index);
    const replaced = migrations.slice(0, index).flatMap(({ replaces = [] }) => replaces.map((one) => one.id));
    if (late !== undefined && ![...before, ...replaced].includes(late.after))
      refuse(["migrations", index, "late", "after"], "must be one of the migrations before it");
    const higher = late === undefined ? before.find((other) => compareVersions(other, id) >= 0) : undefined;
    if (higher !== undefined) refuse(["migrations", index], `comes after ${higher} and does not say why`);
  }
  if (heads.max !== (ids.at(-1) ?? null)) refuse(["heads", "max"], "must be the last migration");
  if (heads.min !== null && !ids.includes(heads.min))
    refuse(["heads", "min"], "must be one of the migrations");
}
