import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@slipway/toolchain/testing";
import { localTarget } from "../src/local/local-target.ts";
import type { RunningInstance, Target, TrafficState } from "../src/target.ts";

/** A local target in a folder of its own, thrown away after the test. */
export interface ScratchTarget {
  readonly target: Target;
  /** The environment's folder. */
  readonly folder: string;
  readonly store: string;
  readonly port: number;
  readonly url: string;
  /** Living processes that work in the folder, known to the target or not. Linux only. */
  processes(): number[];
  /** Routes service `tiny` to the instances by weight. */
  routeTo(...backends: (readonly [RunningInstance, number])[]): Promise<TrafficState>;
  /** Stops everything and removes the folder. */
  remove(): Promise<void>;
}

/** Makes a scratch target. */
export async function scratchTarget(): Promise<ScratchTarget> {
  const root = mkdtempSync(join(tmpdir(), "slipway-target-"));
  const folder = join(root, "dev");
  const store = join(root, "artifacts");
  const port = await freePort();
  const target = localTarget({ folder, port, artifacts: store });
  return {
    target,
    folder,
    store,
    port,
    url: `http://127.0.0.1:${port}`,
    processes: () => processesBelow(folder),
    routeTo: (...backends) =>
      target.route([
        {
          service: "tiny",
          path: "/",
          backends: backends.map(([{ id, address }, weight]) => ({ instance: id, address, weight })),
        },
      ]),
    async remove() {
      await target.down();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The living processes whose working folder lies below a folder. */
function processesBelow(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/cwd`).startsWith(`${folder}/`);
      } catch {
        // Ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
