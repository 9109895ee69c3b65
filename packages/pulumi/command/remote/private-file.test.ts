import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { writeConnectionFiles } from "./connection-files.ts";
import { privateFile } from "./private-file.ts";

test.runIf(process.platform === "linux")(
  "on Linux another program can read the file, though it has no name",
  () => {
    const file = privateFile("content\n");
    expect(file.path).toMatch(/^\/proc\/\d+\/fd\/\d+$/);
    for (let i = 0; i < 2; i++)
      expect(execFileSync("cat", [file.path], { encoding: "utf8" })).toBe("content\n");
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(file.path).nlink).toBe(0);
    file.remove();
    expect(existsSync(file.path)).toBe(false);
  },
);

test("elsewhere the file has a name until it is removed", () => {
  const file = privateFile("content\n", "/no/such/proc");
  expect(readFileSync(file.path, "utf8")).toBe("content\n");
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  file.remove();
  expect(existsSync(dirname(file.path))).toBe(false);
});

test("ssh's questions are answered with what was given, and with nothing else", () => {
  const hop = { host: "app", user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
  const { files, remove } = writeConnectionFiles({
    ...hop,
    password: "pass word",
    privateKey: "K",
    privateKeyPassword: "open",
  });
  const ask = (question: string, env: Record<string, string>) =>
    execFileSync(askpass, [question], { env, encoding: "utf8" });
  const env = { PATH: process.env.PATH ?? "", ...files.variables };
  expect(ask("root@app's password: ", env)).toBe("pass word\n");
  expect(ask("Enter passphrase for key '/proc/1/fd/9': ", env)).toBe("open\n");
  expect(JSON.stringify(files)).not.toMatch(/pass word|open"/);
  const { SLIPWAY_SSH_PASSPHRASE: _, ...withoutPassphrase } = env as Record<string, string>;
  expect(() => ask("Enter passphrase for key '/proc/1/fd/9': ", withoutPassphrase)).toThrow("Command failed");
  remove();
});

const askpass = fileURLToPath(import.meta.resolve("./askpass"));
