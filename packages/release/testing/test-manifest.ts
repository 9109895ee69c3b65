import { sha256 } from "@slipway/kernel";
import { type Manifest, manifestDigest } from "../src/manifest/manifest.ts";

const digest = (text: string) => `sha256:${sha256(text)}`;

/** A manifest with one service; the digest is made to fit what a test changes. */
export function testManifest(version: string, changes: Partial<Omit<Manifest, "digest">> = {}): Manifest {
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version,
    commit: sha256(`commit ${version}`).slice(0, 40),
    createdAt: "2026-01-05T09:00:00.000Z",
    services: { api: testService(version) },
    migrations: [],
    heads: { min: null, max: null },
    flags: [],
    functions: {},
    sites: {},
    config: {},
    smoke: null,
    ...changes,
  };
  return { ...manifest, digest: manifestDigest(manifest) };
}

/** A service that last changed in a version. */
export function testService(version: string): Manifest["services"][string] {
  return {
    version,
    artifact: digest(`artifact ${version}`),
    build: digest(`build ${version}`),
    command: ["node", "server.mjs"],
    path: "/",
    port: "PORT",
    health: { live: "/healthz", ready: "/readyz", meta: "/meta" },
    env: ["DATABASE_URL"],
  };
}

/** A migration as a manifest names it: `c:` before an id makes it a contract one. */
export function testMigrationRef(name: string): Manifest["migrations"][number] {
  const contract = name.startsWith("c:");
  const id = contract ? name.slice(2) : name;
  const phase = contract ? "contract" : "expand";
  return { id, up: digest(`up ${id}`), down: digest(`down ${id}`), phase, kind: "lossless" };
}
