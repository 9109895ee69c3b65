import { dirname } from "node:path";
import { ensurePulumi } from "../pulumi/ensure-pulumi.ts";

/** Gets what the machine lacks, and puts Pulumi's language host on PATH for everything that is started after. */
export async function prepare(): Promise<void> {
  const { binary } = await ensurePulumi({ onProgress: (line) => console.error(line) });
  process.env.PATH = `${process.env.PATH ?? ""}:${dirname(binary)}`;
}
