import { SlipwayError } from "@slipway/kernel";
import { runCli } from "./app.ts";

// Ctrl-C once asks the run to stop in order, and the ledger says how far it came; a second one ends it.
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new SlipwayError("INTERRUPTED", { what: "The command was interrupted", why: signal }));
  });
}

// `slipway up 2>&1 | head -3`: whoever reads has seen enough, and a run must not end half-way for it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
  });
}

const { stdout, stderr, stdin, env } = process;
const cliProcess = {
  stdout,
  stderr,
  stdin,
  env,
  cwd: process.cwd(),
  exitCode: undefined as number | string | null | undefined,
};
await runCli(process.argv.slice(2), cliProcess, abort.signal);
process.exitCode = Number(cliProcess.exitCode ?? 0);
