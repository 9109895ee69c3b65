/** What is known of a code: one line of meaning, general advice, and whether it refuses before any change. */
export interface ErrorCodeInfo {
  readonly meaning: string;
  readonly advice: string;
  /** A refusal changed nothing: exit code 2 instead of 1. */
  readonly refusal: boolean;
}

const refuse = (meaning: string, advice: string): ErrorCodeInfo => ({ meaning, advice, refusal: true });
const failed = (meaning: string, advice: string): ErrorCodeInfo => ({ meaning, advice, refusal: false });

/**
 * Every code that Slipway can print, in one list: the pages in `packages/docs/errors/`, `slipway
 * explain` and the exit codes come from here. Codes are stable; a new condition gets a new code.
 */
export const errorCodes = {
  // Set-up and usage
  USAGE: refuse("The command line was not understood", "Run the command with --help"),
  PROJECT_NOT_FOUND: refuse("No Slipway project here", "Run inside a folder that has stacks/Pulumi.yaml"),
  TERMINAL_REQUIRED: refuse("A question needs a terminal", "Pass --yes to answer it beforehand"),
  TOOLCHAIN_MISSING: refuse("A tool that Slipway needs is missing", "Run slipway doctor"),
  NODE_TOO_OLD: refuse("This Node cannot run Slipway", "Run through npm, or install Node 22.18 or later"),
  // Configuration
  CONFIG_INVALID: refuse(
    "The stack's configuration is not valid",
    "Correct the named key in stacks/Pulumi.<env>.yaml",
  ),
  PRODUCT_INVALID: refuse("stacks/product.yaml is not valid", "Correct the named key"),
  ENVIRONMENT_UNKNOWN: refuse("There is no such environment", "Use the name of a stacks/Pulumi.<env>.yaml"),
  SECRET_MISSING: refuse("An environment variable that a service needs is not set", "Set the named variable"),
  // Releases
  RELEASE_UNKNOWN: refuse("There is no manifest for this release", "Cut the release, or pin one that exists"),
  RELEASE_EXISTS: refuse("The release is already cut", "Releases are immutable: cut the next version"),
  MANIFEST_INVALID: refuse("The manifest is not valid", "Restore the file from git, or cut a new version"),
  MANIFEST_EDITED: refuse(
    "The manifest was edited after the cut",
    "Restore the file from git, or cut a new version",
  ),
  VERSION_INVALID: refuse("The version is not semantic versioning", "Use a version like 1.4.0"),
  REFERENCE_MUTABLE: refuse("A reference can change under the release", "Name the artifact by its digest"),
  TREE_DIRTY: refuse("The git tree is not clean", "Commit or stash the named files"),
  BUILD_FAILED: failed("A service could not be built", "Read the build's output above"),
  BUILD_DIFFERS: refuse("A rebuilt artifact differs from the release", "Build from the release's commit"),
  ARTIFACT_MISSING: refuse(
    "An artifact of the release is not in the store",
    "Run slipway cut VERSION --rebuild",
  ),
  ARTIFACT_DAMAGED: refuse(
    "An artifact does not match its digest",
    "Delete it and run slipway cut VERSION --rebuild",
  ),
  ARTIFACT_UNSAFE: refuse(
    "An artifact would write outside its own folder",
    "Build it without absolute paths, .. and links that lead out, then cut again",
  ),
  // Migrations
  MIGRATION_INVALID: refuse("A migration file cannot be read", "Correct the named file"),
  IMPORT_REFUSED: refuse(
    "Another tool's migrations cannot be imported as they are",
    "Correct the named files, and import again",
  ),
  LINT_FAILED: refuse(
    "The lint has errors in a release's new migrations",
    "Correct the named lines, or allow one with a date and a reason",
  ),
  MIGRATION_ROLLBACK_MISSING: refuse(
    "A migration has no rollback file",
    "Write migrations/rollbacks/<same name>.sql",
  ),
  SCHEMA_CHECKSUM_CHANGED: refuse(
    "A migration was edited after it was released",
    "Restore the file; put the change in a new migration",
  ),
  SCHEMA_OUT_OF_ORDER: refuse("A migration is older than one already applied", "Give it a newer version"),
  SCHEMA_APPLIED_ELSEWHERE: refuse(
    "Another tool has applied a migration that the ledger does not know",
    "Adopt what is there with slipway migrate baseline",
  ),
  BASELINE_DIFFERS: refuse(
    "The database is not what the migrations would have made of it",
    "Mend what is named, or record a reason with --force --reason",
  ),
  REPAIR_OUT_OF_ORDER: refuse(
    "Only the next migration can be marked as applied, and only the newest as reverted",
    "Name the migration that the message names",
  ),
  SCHEMA_STEP_BY_STEP: refuse(
    "The pin is too far away for one step",
    "Pin the named release first, or run slipway up",
  ),
  SCHEMA_SQUASHED: refuse(
    "A squashed migration is there in part",
    "Pin the release that the message names first; squash only what every stack has",
  ),
  SQUASH_REFUSED: refuse(
    "The migrations cannot be made one",
    "Squash up to an older migration with --through, or mend what is named",
  ),
  SCHEMA_NOT_TOLERATED: refuse(
    "A service would meet a schema that it does not know",
    "Pin a release that tolerates the schema",
  ),
  SCHEMA_APPLY_FAILED: failed(
    "A migration failed",
    "Correct the migration in a new release; nothing of it was applied",
  ),
  SCHEMA_REVERT_FAILED: failed("Rollback SQL failed", "Repair the schema by hand, then run slipway up again"),
  SCHEMA_DRIFTED: refuse(
    "The schema is not what the ledger recorded",
    "Undo the change made by hand, or record it in a migration",
  ),
  PROBE_FAILED: refuse(
    "An invariant is broken before the schema is changed",
    "Mend the data, or correct the invariant in migrations/invariants",
  ),
  ROLLBACK_LOSES_DATA: refuse(
    "The rollback would lose data",
    "List the migration in slipway:allowDataLoss, or roll forward",
  ),
  ROLLBACK_NOT_PROVED: refuse("A migration's rollback does not lead back", "Correct the rollback file"),
  RLS_TEST_INVALID: refuse("A test of policies cannot be used", "Correct the named file"),
  PROOF_EMPTY: refuse("There is nothing to prove", "Name migrations, or prove all of them with --all"),
  ROLLBACK_IRREVERSIBLE: refuse("A migration cannot be undone", "Roll forward with a new release"),
  // Ledger and database
  DATABASE_UNREACHABLE: refuse(
    "The database does not answer",
    "Start the database, or correct slipway:database",
  ),
  DATABASE_FAILED: failed("The database refused a statement", "Read the database's message"),
  LEDGER_NEWER: refuse("The ledger was written by a newer Slipway", "Upgrade Slipway"),
  LEDGER_MISMATCH: refuse("The ledger belongs to another environment", "Correct slipway:database"),
  LEASE_HELD: refuse("Another run holds the environment", "Wait for it, or stop it"),
  LEASE_LOST: failed("Another run took the environment over", "Look at slipway history, then run again"),
  AUDIT_BROKEN: failed(
    "The audit chain does not verify",
    "Compare with the stack's last printed hash; do not write to the ledger",
  ),
  // Flags
  FLAG_UNKNOWN: refuse("There is no such flag", "Use a key that a pinned release declares"),
  FLAG_INVALID: refuse("What was asked of a flag is not valid", "Correct what is named, then run again"),
  FLAG_CONFLICT: refuse("The flag was changed in the meantime", "Look at it again, then decide again"),
  FLAG_KILLED: refuse("The flag is killed", "Revive it first, if what it was killed for is mended"),
  FLAG_DENIED: refuse("This is not permitted to the caller", "Ask somebody with the named right"),
  // Runs
  RUN_NOT_OPEN: refuse("The step is not part of an open run", "Run pulumi up without --target"),
  EVIDENCE_MISSING: refuse("No smoke result for this attempt", "Run pulumi up without --target"),
  SMOKE_INVALID: refuse("The smoke suite cannot be run", "Correct the named key"),
  SMOKE_FAILED: failed(
    "The smoke test did not pass",
    "Read the failed checks above; traffic was not touched",
  ),
  SERVICE_EXITED: failed("A service exited while starting", "Read its log above"),
  SERVICE_NOT_READY: failed("A service did not get ready in time", "Read its log above"),
  SERVICE_WRONG_BUILD: failed(
    "A service answers as another build",
    "Cut the release again from a clean build",
  ),
  SERVICE_NOT_STOPPED: failed("A service did not end", "Look at the named process, then run again"),
  PORT_IN_USE: refuse("A port is taken", "Free the port, or set another one in slipway:port"),
  ROUTER_FAILED: failed("The router did not take the change", "Read its log, then run again"),
  ROLLOUT_BREACHED: failed("The new release failed under traffic", "Traffic went back to the old release"),
  FOLDER_NOT_WRITABLE: refuse("A folder cannot be written", "Correct the permissions"),
  INVARIANT_BROKEN: failed(
    "The environment is not what the pin asks for",
    "Run slipway status, then slipway up again",
  ),
  PULUMI_FAILED: failed("Pulumi failed", "Read Pulumi's message above"),
  STACK_LOCKED: refuse("Pulumi's lock for the stack is held", "Wait for the other run, or run pulumi cancel"),
  INTERRUPTED: failed("The run was interrupted", "Run slipway up again: it converges"),
  INTERNAL: failed("A bug in Slipway", "Report it with the output of slipway doctor"),
} as const satisfies Record<string, ErrorCodeInfo>;

/** A stable error code; the keys of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;
