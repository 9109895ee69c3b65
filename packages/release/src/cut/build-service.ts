import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { x } from "tinyexec";
import type { ArtifactStore } from "./artifact-store.ts";
import { buildDigest, packArtifact } from "./pack-artifact.ts";
import type { Product } from "./product.ts";

/** What a build is asked for. */
export interface BuildRequest {
  readonly name: string;
  readonly service: Product["services"][string];
  readonly version: string;
  readonly commit: string;
  /** The folder that the build command runs in. */
  readonly root: string;
  /** A folder for what comes out, emptied before and removed after. */
  readonly scratch: string;
  readonly store: ArtifactStore;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** A packed service: digest of its content, digest of its file. */
export interface BuiltService {
  readonly build: string;
  readonly artifact: string;
}

/**
 * Runs a service's build command and packs what it wrote.
 *
 * @param keep the build digest of the previous release: the same content is not packed again.
 * @returns null when the content is that of the previous release.
 * @throws {SlipwayError} BUILD_FAILED with the end of the build's output.
 */
export async function buildService(request: BuildRequest, keep: string | null): Promise<BuiltService | null> {
  const { name, service, version, commit, root, scratch, store, signal, onProgress } = request;
  const output = join(scratch, name);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const [program = "", ...args] = buildCommand(service.build, { version, output });
  onProgress?.(`building ${name}`);
  const result = await x(program, args, {
    ...(signal === undefined ? {} : { signal }),
    // A build must not read the time: the same source has to give the same bytes tomorrow.
    nodeOptions: { cwd: root, env: { ...process.env, SOURCE_DATE_EPOCH: "0", SLIPWAY_VERSION: version } },
  });
  if (result.exitCode !== 0) {
    const tail = `${result.stdout}${result.stderr}`.trimEnd().split("\n").slice(-20).join("\n");
    throw new SlipwayError("BUILD_FAILED", {
      what: `Cannot build service "${name}"`,
      why: `"${[program, ...args].join(" ")}" ended with ${result.exitCode}:\n${tail}`,
    });
  }
  const build = await buildDigest(output);
  if (build === keep) return null;
  const file = join(scratch, `${name}.tar`);
  await packArtifact(output, { service: name, version, commit, digest: build }, file);
  return { build, artifact: await store.put(file) };
}

/** A build command with its placeholders filled in. */
export function buildCommand(
  words: readonly string[],
  values: { readonly version: string; readonly output: string },
): string[] {
  return words.map((word) =>
    word.replaceAll("{version}", values.version).replaceAll("{output}", values.output),
  );
}
