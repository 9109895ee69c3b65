import { delimiter } from "node:path";
import { ensurePulumi } from "../pulumi/ensure-pulumi.ts";
import { progressWriter } from "./progress-writer.ts";
import { step } from "./run-program.ts";

/** Gets what the machine lacks, and puts Pulumi's language host on PATH for everything that is started after. */
export async function prepare(): Promise<void> {
  const abort = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => abort.abort(new Error(signal));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  const progress = progressWriter(process.stderr);
  try {
    await step("Pulumi", async () => {
      const { binFolder } = await ensurePulumi({ onProgress: progress.write, signal: abort.signal });
      progress.end();
      process.env.PATH = `${process.env.PATH ?? ""}${delimiter}${binFolder}`;
      return 0;
    });
  } finally {
    progress.end();
    for (const signal of signals) process.off(signal, interrupt);
  }
}
