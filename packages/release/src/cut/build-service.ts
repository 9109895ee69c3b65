import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { buildDigest } from "../artifact/pack-artifact.ts";
import type { ProductService } from "../product/product.ts";
import { buildArgv, buildEnvironment } from "./build-environment.ts";
import { trackedFiles } from "./git-state.ts";
import { runBuild } from "./run-build.ts";

/** What a build is asked for. */
export interface BuildRequest {
  readonly name: string;
  readonly service: ProductService;
  readonly version: string;
  /** The project's root, in which the build command runs. */
  readonly root: string;
  /** A folder of this cut's own, for what comes out. */
  readonly scratch: string;
  /** How long the build may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (line: string) => void;
}

/** What a build gave. */
export interface BuiltContent {
  readonly folder: string;
  /** The build digest of the folder. */
  readonly build: string;
}

/**
 * Runs a service's build command into an empty folder.
 *
 * @throws {SlipwayError} BUILD_FAILED with the end of the build's output, also when it wrote nothing;
 *   PRODUCT_INVALID for an `output` that must not be emptied; ARTIFACT_UNSAFE.
 */
export async function buildService(request: BuildRequest): Promise<BuiltContent> {
  const { name, service, version, root, scratch, timeoutMs, signal, onProgress } = request;
  const output =
    service.output === undefined ? join(scratch, name) : await ownOutput(request, service.output);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  onProgress(`${name}: building`);
  await runBuild({
    name,
    argv: buildArgv(service.build, { version, output }, process.execPath),
    cwd: root,
    env: buildEnvironment(process.env, process.execPath),
    timeoutMs,
    signal,
    onLine: (line) => onProgress(`${name}: | ${line}`),
  });
  return { folder: output, build: await buildDigest(output) };
}

// The folder is emptied: it has to lie in the project and hold nothing that git keeps.
async function ownOutput({ name, root }: BuildRequest, output: string): Promise<string> {
  const folder = resolve(root, output);
  const refuse = (why: string) =>
    new SlipwayError("PRODUCT_INVALID", {
      what: `Cannot build service "${name}" into "${output}"`,
      why,
      todo: "Name a folder that only this build writes and git ignores",
    });
  mkdirSync(dirname(folder), { recursive: true });
  const inside = relative(
    realpathSync(root),
    join(realpathSync(dirname(folder)), folder.slice(dirname(folder).length)),
  );
  if (["", "..", ".git"].includes(inside.split(/[\\/]/)[0]!)) {
    throw refuse("it is not a folder below the project's root");
  }
  const [tracked] = await trackedFiles(root, folder);
  if (tracked !== undefined) throw refuse(`${tracked} is in git, and the folder is emptied before the build`);
  return folder;
}
