import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { expect, test } from "vitest";
import { type RemoteTask, remoteScript } from "./remote-script.ts";

const task: RemoteTask = { command: "true", variables: {}, stdin: undefined, marker: "mark-1" };
const shells = [
  ...new Set(
    ["/bin/sh", "/bin/bash"].filter((shell) => existsSync(shell)).map((shell) => realpathSync(shell)),
  ),
];

/** Runs the script as the other side does: the shell reads it from an input that stays open. */
function runScript(
  shell: string,
  script: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(shell, [], {
      detached: true,
      stdio: "pipe",
      env: { SHELL: "/bin/sh", PATH: process.env.PATH },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("exit", () => child.stdin.end());
    child.once("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.write(script);
  });
}

test("the script sets variables, marks the beginning, runs the command and hands its status on", () => {
  expect(remoteScript({ ...task, command: "echo $A", variables: { A: "it's" } })).toBe(
    [
      "{",
      "export A='it'\\''s'",
      "exec 3<&0",
      "(",
      "trap '' TERM HUP",
      "while read -r _; do :; done <&3",
      "kill -s TERM -- -$$ || kill -s TERM $$",
      "sleep 2",
      "kill -s KILL -- -$$",
      ") >/dev/null 2>&1 </dev/null &",
      "watch=$!",
      "echo mark-1 >&2",
      `"$\{SHELL:-/bin/sh}" -c 'echo $A' 3<&- </dev/null`,
      "status=$?",
      "exec 2>/dev/null",
      "kill -s KILL $watch",
      "exit $status",
      "}",
      "",
    ].join("\n"),
  );
});

test.each(shells)(
  "%s: hostile variables and input reach the command unharmed, its status and streams come back",
  async (shell) => {
    const hostile = "$HOME `id` $(id) \"quotes\" 'more' \\ \n}\nexit 9\n{ second line * ~ é 😀 -n\n";
    const command = 'printf %s "$HOSTILE"; cat; echo err >&2; exit 7';
    const result = await runScript(
      shell,
      remoteScript({ ...task, command, variables: { HOSTILE: hostile }, stdin: hostile }),
    );
    expect(result).toEqual({ status: 7, stdout: hostile + hostile, stderr: "mark-1\nerr\n" });
  },
);

test.each(shells)("%s: a command without input meets its end at once", async (shell) => {
  expect(await runScript(shell, remoteScript({ ...task, command: "cat; echo end" }))).toMatchObject({
    status: 0,
    stdout: "end\n",
  });
});

test.concurrent.each(shells)(
  "%s: the end of the input ends the command and all that it started",
  async (shell) => {
    const child = spawn(shell, [], {
      detached: true,
      stdio: "pipe",
      env: { SHELL: "/bin/sh", PATH: process.env.PATH },
    });
    const command =
      "trap 'echo asked; exit 5' TERM; sh -c 'trap \"\" TERM; echo begun; sleep 90; true' & wait";
    child.stdin.write(remoteScript({ ...task, command }));
    let stdout = "";
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
        if (stdout.includes("begun")) resolve();
      });
    });
    const began = Date.now();
    child.stdin.end();
    await new Promise((resolve) => child.once("close", resolve));
    expect(stdout).toBe("begun\nasked\n");
    expect(Date.now() - began).toBeGreaterThan(1_500);
    // Long before its sleep is over.
    expect(Date.now() - began).toBeLessThan(60_000);
  },
  120_000,
);

test("a script that was cut off does nothing", () => {
  const script = remoteScript({ ...task, command: "echo done >&2" });
  for (const cut of [0.5, 0.9, 0.98]) {
    const { stderr, stdout } = spawnSync("/bin/sh", [], {
      input: script.slice(0, script.length * cut),
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^mark-1$|^done$/m);
  }
});
