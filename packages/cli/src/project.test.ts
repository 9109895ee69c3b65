import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findProject, readEnvironment, stackFile } from "./project.ts";

let root: string;
const write = (file: string, text: string) => writeFileSync(join(root, file), text);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  mkdirSync(join(root, "stacks/deep/er"), { recursive: true });
  write("stacks/Pulumi.yaml", "name: shop\n");
  write("stacks/Pulumi.staging.yaml", "config:\n  slipway:release: 1.0.0\n");
  write("stacks/Pulumi.dev.yaml", "config:\n  slipway:release: 1.1.0\n  slipway:port: 9000\n");
  write("stacks/Pulumi.dev.yaml.bak", "");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("the project is found from its root and from any folder below", () => {
  const project = { name: "shop", root, stacks: join(root, "stacks"), environments: ["dev", "staging"] };
  expect(findProject(root)).toEqual(project);
  expect(findProject(join(root, "stacks/deep/er"))).toEqual(project);
});

test("outside of a project it says which folder was looked at", () => {
  expect(() => findProject("/nowhere/at/all")).toThrow(
    expect.objectContaining({
      code: "PROJECT_NOT_FOUND",
      why: "neither /nowhere/at/all nor a folder above it has stacks/Pulumi.yaml",
    }),
  );
});

test.each(["", "runtime: nodejs\n", "name: ''\n", "just a text\n", "name: [\n"])(
  "a Pulumi.yaml that is %j is told as the configuration's fault",
  (text) => {
    const broken = mkdtempSync(join(root, "broken-"));
    mkdirSync(join(broken, "stacks"));
    writeFileSync(join(broken, "stacks/Pulumi.yaml"), text);
    expect(() => findProject(broken)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", why: expect.not.stringContaining("\n") }),
    );
  },
);

test.each([
  ["devv", "Did you mean dev?"],
  ["qa", "Use one of them, or write stacks/Pulumi.qa.yaml"],
  ["1.1.0", "1.1.0 is a release: slipway pin <env> 1.1.0, then slipway up"],
])("the environment %s is not there: %s", (word, todo) => {
  expect(() => stackFile(findProject(root), word)).toThrow(
    expect.objectContaining({ code: "ENVIRONMENT_UNKNOWN", why: "the project has dev, staging", todo }),
  );
});

test("an environment is its configuration with the defaults filled in", () => {
  const { config, settings } = readEnvironment(findProject(root), "dev");
  expect(config).toEqual({ release: "1.1.0", port: 9000 });
  expect(settings).toMatchObject({ project: "shop", environment: "dev", port: 9000, drainSeconds: 10 });
});
