import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, sha256 } from "@slipway/kernel";
import { create } from "tar";
import type { InstanceSpec } from "../src/target.ts";

/** What a tiny service does differently from a good one. */
export interface TinyBehaviour {
  readonly readyAfterMs?: number;
  /** Ends with this code at once. */
  readonly exitCode?: number;
  readonly ignoreSigterm?: boolean;
  /** Not ready at every third question. */
  readonly flapping?: boolean;
  /** Writes a variable's value to its log. */
  readonly logVariable?: string;
  /** Says at `/meta` that it is this version. */
  readonly claimedVersion?: string;
}

/** Packs a tiny service into an artifact store, and gives the spec of an instance of it. */
export async function tinyService(
  store: string,
  version: string,
  behaviour: TinyBehaviour = {},
  overrides: Partial<InstanceSpec> = {},
): Promise<InstanceSpec> {
  const service = overrides.service ?? "tiny";
  const build = digestOf({ version, behaviour });
  const folder = mkdtempSync(join(tmpdir(), "slipway-tiny-"));
  const meta = { service, version: behaviour.claimedVersion ?? version, digest: build };
  copyFileSync(join(import.meta.dirname, "tiny-server.mjs"), join(folder, "server.mjs"));
  writeFileSync(join(folder, "tiny.json"), JSON.stringify({ meta, behaviour }));
  const artifact = await packFolder(store, folder);
  rmSync(folder, { recursive: true });
  return {
    id: `${service}-${version}-${build.slice(7, 15)}`,
    service,
    version,
    artifact,
    build,
    command: ["node", "server.mjs"],
    portVariable: "PORT",
    path: "/",
    health: { live: "/healthz", ready: "/readyz", meta: "/meta" },
    env: {},
    readyDeadlineMs: 60_000,
    stabilityMs: 0,
    ...overrides,
  };
}

/** Packs a folder into the store, under its digest, which is given back. */
export async function packFolder(store: string, folder: string): Promise<string> {
  const tar = join(folder, "..", `${process.pid}-${Math.random()}.tar`);
  await create({ file: tar, cwd: folder, portable: true }, ["."]);
  const hex = sha256(readFileSync(tar));
  mkdirSync(store, { recursive: true });
  renameSync(tar, join(store, `${hex}.tar`));
  return `sha256:${hex}`;
}
