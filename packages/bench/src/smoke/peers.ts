import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPeer } from "../install-peer.ts";
import { hurlCommand } from "./hurl.ts";
import { denoBinary } from "./our-runners.ts";
import type { Runner } from "./runner.ts";

/** A peer, or why it cannot be measured here. */
export type Peer = Runner | { readonly name: string; readonly leftOut: string };

/** The tools that the same three endpoints are checked with, each in its own way and with its best settings. */
export function peers(folder: string, cache: string): readonly Peer[] {
  return [newman(folder, cache), vitestWithKy(folder), denoTest(folder), hurl(folder, cache)];
}

const NEWMAN = "6.2.2";

function newman(folder: string, cache: string): Peer {
  const installed = installPeer(cache, "newman", NEWMAN);
  if ("leftOut" in installed) return { name: "newman", ...installed };
  const program = join(installed.home, "node_modules", "newman", "bin", "newman.js");
  const test = (exec: string) => [{ listen: "test", script: { exec: [exec] } }];
  const expectation = (path: string, value: string) =>
    `pm.test("ok", () => pm.expect(pm.response.json()${path}).to.eql("${value}"));`;
  return {
    name: `newman ${NEWMAN}`,
    command: (url) => {
      const request = (path: string, expected: string) => ({
        name: path,
        request: `${url}${path}`,
        event: test(expected),
      });
      const file = join(folder, "collection.json");
      const item = [
        request("/healthz", expectation(".status", "ok")),
        request("/meta", expectation(".version", "1.2.0")),
        request("/openapi.json", expectation(".info.version", "1.2.0")),
      ];
      const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
      writeFileSync(file, JSON.stringify({ info: { name: "smoke", schema }, item }));
      return [process.execPath, program, "run", file];
    },
  };
}

const requests = `
  const [health, meta, openapi] = await Promise.all(["healthz", "meta", "openapi.json"].map((path) => get(path)));
  same(health.status, "ok");
  same(meta.version, "1.2.0");
  same(openapi.info.version, "1.2.0");`;

function vitestWithKy(folder: string): Peer {
  const home = dirname(createRequire(import.meta.url).resolve("vitest/package.json"));
  return {
    name: "vitest 5 with ky",
    folder,
    command: (url) => {
      const get = `const get = (path) => ky.get("${url}/" + path).json(); const same = (a, b) => expect(a).toBe(b);`;
      const source = `import ky from "ky"; import { expect, test } from "vitest";\n${get}\ntest("smoke", async () => {${requests}\n});`;
      writeFileSync(join(folder, "smoke.spec.mjs"), source);
      writeFileSync(
        join(folder, "vitest.config.mjs"),
        'export default { test: { include: ["smoke.spec.mjs"] } };',
      );
      return [process.execPath, join(home, "vitest.mjs"), "run", "--root", folder];
    },
  };
}

function denoTest(folder: string): Peer {
  return {
    name: "deno test",
    command: (url) => {
      const get = `const get = (path) => fetch("${url}/" + path).then((answer) => answer.json());`;
      const source = `import { equal as same } from "node:assert/strict";\n${get}\nDeno.test("smoke", async () => {${requests}\n});`;
      const file = join(folder, "smoke_test.js");
      writeFileSync(file, source);
      return [denoBinary(), "test", "--no-check", "--no-config", `--allow-net=${new URL(url).host}`, file];
    },
  };
}

function hurl(folder: string, cache: string): Peer {
  const found = hurlCommand(cache);
  if ("leftOut" in found) return { name: "hurl", leftOut: found.leftOut };
  return {
    name: "hurl, 3 jobs",
    command: (url) => {
      const files = [
        ["healthz", '"$.status" == "ok"'],
        ["meta", '"$.version" == "1.2.0"'],
        ["openapi.json", '"$.info.version" == "1.2.0"'],
      ].map(([path, assert]) => {
        const file = join(folder, `${path}.hurl`);
        writeFileSync(file, `GET ${url}/${path}\nHTTP 200\n[Asserts]\njsonpath ${assert}\n`);
        return file;
      });
      return [...found.command, "--test", "--jobs", "3", ...files];
    },
  };
}
