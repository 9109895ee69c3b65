import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFromRoot, repositoryRoot } from "./repository.ts";

const guide = readFromRoot("packages/docs/guides/first-project.md");
const root = mkdtempSync(join(tmpdir(), "slipway-guide-"));
const port = await freePort();
const run = promisify(execFile);

beforeAll(() => {
  // The embedded Postgres may run as another user, who has to be able to enter.
  chmodSync(root, 0o755);
  symlinkSync(join(repositoryRoot, "node_modules"), join(root, "node_modules"));
  write("package.json", '{ "name": "shop", "private": true, "type": "module" }\n');
  for (const { file, text } of filesOf(guide)) write(file, text);
  write("stacks/Pulumi.dev.yaml", `config:\n  slipway:release: 1.0.0\n  slipway:port: ${port}\n`);
});

afterAll(async () => {
  if (existsSync(join(root, "stacks"))) await shell("slipway down --yes");
  rmSync(root, { recursive: true, force: true });
});

test("the guide names every file that a project needs", () => {
  expect(
    filesOf(guide)
      .map(({ file }) => file)
      .sort(),
  ).toEqual([
    ".gitignore",
    "build.mjs",
    "migrations/20260101000001_products.sql",
    "migrations/rollbacks/20260101000001_products.sql",
    "server.js",
    "stacks/Pulumi.dev.yaml",
    "stacks/Pulumi.yaml",
    "stacks/index.ts",
    "stacks/package.json",
    "stacks/product.yaml",
  ]);
});

test("its commands, run as they stand, bring up the release that they cut", async () => {
  await shell("git init -q -b main");
  for (const command of commandsOf("## 5.")) {
    const answered = command.replace(/^npx slipway up$/, "slipway up --yes").replace(/^npx /, "");
    const { stdout } = await shell(answered.replace(":8080", `:${port}`));
    if (command.startsWith("curl"))
      expect(JSON.parse(stdout)).toMatchObject({ service: "api", version: "1.0.0" });
  }
  const { stdout } = await shell("slipway status --output json");
  expect(JSON.parse(stdout)).toMatchObject({ agrees: true, schemaHead: "20260101000001_products" });
});

/** The files of the guide: a line with the name in backticks and a colon at its end, then the block. */
function filesOf(markdown: string): { file: string; text: string }[] {
  const blocks = markdown.matchAll(/^`([^`]+)`[^\n]*:\n\n```\w*\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file = "", text = ""]) => ({ file, text }));
}

function commandsOf(heading: string): string[] {
  const block = /```sh\n([\s\S]*?)```/.exec(guide.slice(guide.indexOf(heading)))?.[1] ?? "";
  return block.split("\n").filter((line) => line !== "");
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

// The commands are meant for a shell, and so a shell reads them.
function shell(command: string) {
  const names = { GIT_AUTHOR_NAME: "test", GIT_COMMITTER_NAME: "test" };
  const mails = { GIT_AUTHOR_EMAIL: "test@localhost", GIT_COMMITTER_EMAIL: "test@localhost" };
  const path = [join(repositoryRoot, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const env = {
    ...process.env,
    ...names,
    ...mails,
    PATH: path,
    SLIPWAY_EMBEDDED_FSYNC: "off",
    NO_COLOR: "1",
  };
  return run("sh", ["-c", command], { cwd: root, env, timeout: 230_000 });
}
