import { rmSync, statSync } from "node:fs";
import { newestLaunch } from "../processes/launch-file.ts";
import { instanceFolder, instanceIds } from "./instance-folder.ts";

const KEPT = 20;

/** Removes the folders, which is to say the logs, of all but the 20 instances that were stopped last. */
export function pruneStopped(folder: string): void {
  const stopped = instanceIds(folder)
    .map((id) => instanceFolder(folder, id))
    .filter((home) => (newestLaunch(home)?.record ?? null) === null)
    .map((home) => ({ home, changed: statSync(home).mtimeMs }))
    .sort((a, b) => b.changed - a.changed);
  for (const { home } of stopped.slice(KEPT)) rmSync(home, { recursive: true, force: true });
}
