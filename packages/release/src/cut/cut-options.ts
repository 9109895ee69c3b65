import { join, resolve } from "node:path";
import type { Migration, MigrationRef } from "@slipway/migrations";
import type { SmokeRef } from "../manifest/manifest.ts";

/** Where and how services are built. */
export interface BuildOptions {
  /** The project's root, with `stacks/product.yaml` and `stacks/releases/`. */
  readonly root: string;
  /** Folder of the artifact store; default `.slipway/artifacts` below the root. */
  readonly artifacts?: string;
  /** How long each build may take, in milliseconds; default 15 minutes. */
  readonly buildTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told one line per step, and every line that a build writes. */
  readonly onProgress?: (line: string) => void;
}

/** What a cut may be told beside its version. */
export interface CutOptions extends BuildOptions {
  /** Last migration to include; all by default. */
  readonly head?: string;
  /** Cut a version older than the newest release: a fix of an older line. */
  readonly allowOlder?: boolean;
  /**
   * Asked before anything is built or written; throws when a rollback is not proved. Gives the migrations that go in
   * without a proof, by id, for the manifest.
   */
  readonly prove?: (
    migrations: readonly Migration[],
  ) => Promise<ReadonlyMap<string, NonNullable<MigrationRef["unproved"]>> | undefined>;
  /** Asked before anything is built or written; throws when the smoke checks cannot be run. */
  readonly checkSmoke?: (smoke: NonNullable<SmokeRef>) => void | Promise<void>;
}

/** The options with their defaults. */
export interface ResolvedBuildOptions {
  readonly root: string;
  readonly product: string;
  readonly releases: string;
  readonly artifacts: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (line: string) => void;
}

const BUILD_TIMEOUT_MS = 15 * 60_000;

/** Fills in the defaults. */
export function resolveBuildOptions(options: BuildOptions): ResolvedBuildOptions {
  const root = resolve(options.root);
  return {
    root,
    product: join(root, "stacks", "product.yaml"),
    releases: join(root, "stacks", "releases"),
    artifacts: options.artifacts ?? join(root, ".slipway", "artifacts"),
    timeoutMs: options.buildTimeoutMs ?? BUILD_TIMEOUT_MS,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
  };
}
