import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Manifest, manifestDigest, type ServiceRelease, writeManifest } from "@slipway/release";
import { afterEach, describe, expect, test } from "vitest";
import { repositoryRoot } from "./repository.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("the release to go back to when nobody names one", () => {
  const passed = (...versions: string[]) => versions.map((version) => ({ version, problem: null }));

  test("is the one before, after a release that passed", () => {
    expect(lastGood("1.1.0", passed("1.1.0", "1.0.0"))).toBe("1.0.0");
  });

  test("is the one that serves, after a release that failed, whoever went back to it", () => {
    expect(lastGood("1.2.0", passed("1.1.0", "1.0.0"))).toBe("1.1.0");
  });

  test("never leads forward again", () => {
    expect(lastGood("1.0.0", passed("1.0.0", "1.1.0", "0.9.0"))).toBe("0.9.0");
  });

  test("can be reached; where none can, that is an error", () => {
    const targets = [{ version: "1.0.0", problem: "ROLLBACK_IRREVERSIBLE" }, ...passed("0.9.0")];
    expect(lastGood("1.1.0", targets)).toBe("0.9.0");
    expect(() => lastGood("1.1.0", targets.slice(0, 1))).toThrow(/no release older than 1\.1\.0/);
  });

  function lastGood(pin: string, targets: readonly object[]): string {
    return script(
      "last-good.ts",
      ["dev"],
      project(pin),
      JSON.stringify({ environment: "dev", targets }),
    ).trim();
  }
});

describe("what is expected from outside", () => {
  const health = { live: "/healthz", ready: "/readyz", meta: "/meta" };
  const below = { live: "/api/healthz", ready: "/api/readyz", meta: "/api/meta" };

  test("is the pin's version and build of every service whose path leads to it", () => {
    const folder = project("1.1.0", { web: service("/", health), api: service("/api", below) });
    const expected = JSON.parse(script("public-expectation.ts", ["dev", "https://shop.example"], folder));
    expect(expected).toMatchObject({ environment: "dev", release: "1.1.0" });
    expect(Object.keys(expected.services).sort()).toEqual(["api", "web"]);
    expect(expected.services.api).toMatchObject({
      version: "1.1.0",
      health: below,
      address: "https://shop.example",
    });
  });

  test("leaves out a service whose health leads to another one", () => {
    const folder = project("1.1.0", { web: service("/", health), api: service("/apiary", health) });
    const { services } = JSON.parse(script("public-expectation.ts", ["dev", ""], folder));
    expect(services).toEqual({ web: expect.objectContaining({ address: "http://127.0.0.1:8080" }) });
  });

  test("has the product's own checks, which may name any service", () => {
    const checks = [{ service: "api", path: "/api/products" }];
    const services = { web: service("/", health), api: service("/api", health) };
    const folder = project("1.1.0", services, { checks });
    const expected = JSON.parse(script("public-expectation.ts", ["dev", "https://shop.example"], folder));
    expect(expected.checks).toEqual({
      checks,
      services: { web: { address: "https://shop.example" }, api: { address: "https://shop.example" } },
    });
  });

  test("is an error, not a pass, when nothing can be asked", () => {
    const folder = project("1.1.0", { api: service("/api", health) });
    expect(() => script("public-expectation.ts", ["dev", ""], folder)).toThrow(
      /no service's health can be asked/,
    );
  });
});

/** A folder with a stack file and, when there are services, the manifest that it pins. */
function project(
  pin: string,
  services?: Record<string, ServiceRelease>,
  smoke: Manifest["smoke"] = null,
): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-scripts-"));
  folders.push(folder);
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "stacks", "Pulumi.dev.yaml"), `config:\n  slipway:release: ${pin}\n`);
  if (services === undefined) return folder;
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version: pin,
    commit: "0".repeat(40),
    createdAt: "2026-01-01T00:00:00.000Z",
    services,
    migrations: [],
    heads: { min: null, max: null },
    flags: [],
    functions: {},
    sites: {},
    config: {},
    smoke,
  };
  writeManifest(join(folder, "stacks", "releases"), { ...manifest, digest: manifestDigest(manifest) });
  return folder;
}

function service(path: string, health: ServiceRelease["health"]): ServiceRelease {
  const digest = `sha256:${"0".repeat(64)}`;
  return {
    version: "1.1.0",
    artifact: digest,
    build: digest,
    command: ["node"],
    path,
    port: "PORT",
    health,
    env: [],
  };
}

function script(name: string, args: readonly string[], cwd: string, input = ""): string {
  const file = join(repositoryRoot, ".github", "scripts", name);
  return execFileSync(process.execPath, [file, ...args], { cwd, input, encoding: "utf8", stdio: "pipe" });
}
