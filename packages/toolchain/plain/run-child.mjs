// Plain JavaScript without dependencies: the bootstrap needs it on Node 20, before anything is installed.
import { spawn } from "node:child_process";
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program with this process's terminal and waits for its end; signals to this process go on to it.
 *
 * Ctrl-C in a terminal reaches the program by itself. It is not sent a second time: that would mean "at once".
 *
 * @returns the exit code, 128 + n for one that ended by signal n.
 */
export function runChild(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const forward = (signal) => {
    if (signal !== "SIGINT" || !inTerminal) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    const settle = (action) => {
      for (const signal of signals) process.off(signal, forward);
      action();
    };
    child.once("error", (error) => settle(() => reject(error)));
    child.once("close", (code, signal) =>
      settle(() => resolve(signal === null ? code : 128 + constants.signals[signal])),
    );
  });
}
