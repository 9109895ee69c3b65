import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeOperation, plainRun } from "../testing/fake-operation.ts";
import { ASSET, secret } from "../wire/property-value.ts";
import { runLocal } from "./run-local.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-local-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a command is run by a shell; what it writes is kept and shown", async () => {
  const operation = fakeOperation();
  const result = await runLocal(plainRun("echo out; echo err >&2"), operation);
  expect(result).toEqual({ stdout: "out", stderr: "err" });
  expect(operation.messages.map(({ message }) => message).sort()).toEqual(["err", "out"]);
});

test("input, variables, folder and interpreter reach the command unharmed", async () => {
  const hostile = `$HOME \`id\` $(id) "quotes" 'more' \\ \n second line * ~ é 😀`;
  const script =
    "process.stdout.write(process.cwd() + '|' + process.env.HOSTILE + require('fs').readFileSync(0))";
  const run = plainRun(script, {
    inputs: { interpreter: [process.execPath, "-e"], dir: folder },
    environment: { HOSTILE: hostile },
    stdin: hostile,
  });
  expect((await runLocal(run, fakeOperation())).stdout).toBe(`${folder}|${hostile}${hostile}`);
});

test("a line of a megabyte does not hang, and neither does input that nobody reads", async () => {
  const run = plainRun("head -c 1000000 /dev/zero | tr '\\0' x; echo done", {
    stdin: "unread".repeat(100_000),
  });
  const { stdout } = await runLocal(run, fakeOperation());
  expect(stdout).toHaveLength(1_000_004);
});

test("a command that fails is quoted with its output", async () => {
  await expect(runLocal(plainRun("echo half; exit 3"), fakeOperation())).rejects.toThrow(
    'exit status 3: running "echo half; exit 3":\nhalf\n',
  );
  await expect(runLocal(plainRun("kill -9 $$"), fakeOperation())).rejects.toThrow("signal: SIGKILL: running");
});

test("a failed command that is given secrets shows neither its text nor its output", async () => {
  const operation = fakeOperation();
  const run = plainRun("echo $TOKEN; echo hunter22 >&2; exit 3", {
    secretive: true,
    inputs: { environment: { TOKEN: secret("hunter22") } },
    environment: { TOKEN: "hunter22" },
  });
  const error = await runLocal(run, operation).catch((error: Error) => error.message);
  expect(error).toContain("exit status 3");
  expect(error).not.toMatch(/hunter22|echo/);
  expect(operation.messages).toEqual([]);
});

test("a timeout ends the whole process group: first politely, then by force", async () => {
  const control = new AbortController();
  const log = join(folder, "log");
  const command = `(trap '' TERM; sleep 90; echo late >> ${log}) & trap 'echo asked >> ${log}' TERM; echo $! $$; wait; wait`;
  const operation = fakeOperation({ signal: control.signal });
  const run = runLocal(plainRun(command), operation);
  while (operation.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const pids = operation.messages[0]!.message.split(" ").map(Number);
  const began = Date.now();
  control.abort(new Error("timed out after 1 s"));
  await expect(run).rejects.toThrow("timed out after 1 s: running");
  // Long before its sleep is over.
  expect(Date.now() - began).toBeLessThan(60_000);
  expect(readFileSync(log, "utf8")).toBe("asked\n");
  for (const pid of pids) expect(isRunning(pid), String(pid)).toBe(false);
}, 120_000);

test("an end that was asked for does not wait for a process that left the group and holds the output", async () => {
  const control = new AbortController();
  const operation = fakeOperation({ signal: control.signal });
  // It says its number once it has left the group.
  const run = runLocal(plainRun("setsid sh -c 'echo $$; exec sleep 90' & wait"), operation);
  while (operation.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const began = Date.now();
  control.abort(new Error("cancelled"));
  await expect(run).rejects.toThrow("cancelled: running");
  expect(Date.now() - began).toBeLessThan(60_000);
  process.kill(Number(operation.messages[0]!.message), "SIGKILL");
}, 120_000);

test("previous output is given as variables; too much of it is left out with a warning", async () => {
  const operation = fakeOperation();
  const previous = { stdout: "x".repeat(140_000), stderr: "small" };
  const run = plainRun('echo "[$PULUMI_COMMAND_STDOUT] $PULUMI_COMMAND_STDERR"', { previous });
  expect((await runLocal(run, operation)).stdout).toBe("[] small");
  expect(operation.messages[0]).toEqual({
    severity: "warning",
    message: "PULUMI_COMMAND_STDOUT is not set: the output of the last run is longer than 128 KiB",
  });
});

test("children do not see the stack's passphrase", async () => {
  const before = process.env.PULUMI_CONFIG_PASSPHRASE;
  process.env.PULUMI_CONFIG_PASSPHRASE = "not for children";
  try {
    const { stdout } = await runLocal(
      plainRun("printenv PULUMI_CONFIG_PASSPHRASE || echo none"),
      fakeOperation(),
    );
    expect(stdout).toBe("none");
  } finally {
    if (before === undefined) delete process.env.PULUMI_CONFIG_PASSPHRASE;
    else process.env.PULUMI_CONFIG_PASSPHRASE = before;
  }
});

test("a missing folder or program is named", async () => {
  await expect(
    runLocal(plainRun("true", { inputs: { dir: "/no/such/folder" } }), fakeOperation()),
  ).rejects.toThrow('Cannot run in "/no/such/folder": there is no such folder');
  await expect(
    runLocal(plainRun("true", { inputs: { interpreter: ["no-such-program"] } }), fakeOperation()),
  ).rejects.toThrow('cannot start "no-such-program": there is no such program');
});

test("the files that were asked for come back as assets and as an archive", async () => {
  writeFileSync(join(folder, "a.txt"), "alpha");
  const run = plainRun(
    "mkdir sub; echo beta > sub/b.txt; ln -s a.txt link.txt; ln -s missing gone.txt; mkfifo pipe.txt",
    {
      inputs: { dir: folder, assetPaths: ["**.txt", "!sub/**"], archivePaths: ["sub/*"] },
    },
  );
  const { assets, archive } = await runLocal(run, fakeOperation());
  expect(Object.keys(assets ?? {})).toEqual(["a.txt", "link.txt"]);
  expect(assets?.["a.txt"]).toMatchObject({
    path: join(folder, "a.txt"),
    hash: "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8",
  });
  expect(Object.values(assets?.["a.txt"] as object)).toContain(ASSET);
  expect(Object.keys(archive?.assets as object)).toEqual(["sub/b.txt"]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended and was not collected by init yet still has a number.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
