import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readPackages } from "../testing/source-tree.ts";
import { goBuild, goEnvironment } from "./pulumi/build-pulumi.ts";
import { versions } from "./versions.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");

describe("the pinned versions", () => {
  const declared = (name: string) =>
    readPackages(root).flatMap(({ dependencies, devDependencies }) => [
      ...new Set([dependencies[name], devDependencies[name]].filter((version) => version !== undefined)),
    ]);

  test("npm's launcher and Pulumi's SDK are of the CLI's version", () => {
    expect(new Set([...declared("pulumi"), ...declared("@pulumi/pulumi")])).toEqual(
      new Set([versions.pulumi]),
    );
  });

  test("the Go modules are of the pinned versions and ask for the pinned Go", () => {
    const cli = read("packages/toolchain/go/pulumi-cli/go.mod");
    expect(cli).toContain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}`);
    expect(cli).toContain(`github.com/pulumi/pulumi/sdk/v3 v${versions.pulumi}`);
    expect(cli).toContain(`\ngo ${versions.go}\n`);
    const host = read("packages/toolchain/go/pulumi-language-nodejs/go.mod");
    expect(host).toContain(`github.com/pulumi/pulumi/sdk/v3 v${versions.pulumiLanguageHost}`);
  });

  test("every package and the preload ask for the oldest Node that works", () => {
    const [major, minor] = versions.node.split(".");
    for (const { folder } of readPackages(root).filter(({ folder }) => folder !== "")) {
      const { engines } = JSON.parse(read(`${folder}/package.json`)) as { engines?: { node?: string } };
      expect(engines?.node ?? `>=${major}.${minor}`, folder).toBe(`>=${major}.${minor}`);
    }
    expect(read("packages/toolchain/node-preload.cjs")).toContain(`const OLDEST = [${major}, ${minor}];`);
  });

  test("a build stamps the version, which the Automation API reads", () => {
    expect(goBuild({ path: "example.test/pulumi", version: "1.2.3" }, "bin/pulumi")).toEqual([
      "build",
      "-trimpath",
      "-ldflags",
      "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v1.2.3",
      "-o",
      "bin/pulumi",
      "example.test/pulumi",
    ]);
    expect(goEnvironment).toMatchObject({ CGO_ENABLED: "0", GOWORK: "off" });
  });
});

describe("the lock file", () => {
  interface LockEntry {
    readonly link?: boolean;
    readonly integrity?: string;
    readonly optional?: boolean;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockEntry> };

  test("names every optional package of every platform: npm ci refuses to install without", () => {
    const absent = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages))
        .map((name) => `${path} wants ${name}`),
    );
    expect(absent).toEqual([]);
  });

  test("holds a digest of everything that is installed here", () => {
    const unproved = Object.entries(packages)
      .filter(([path, { link, optional }]) => path.includes("node_modules/") && !link && !optional)
      .filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
    expect(unproved.map(([path]) => path)).toEqual([]);
  });
});
