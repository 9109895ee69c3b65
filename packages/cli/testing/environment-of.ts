import { type OpenEnvironment, openEnvironment } from "@slipway/environment";
import { findProject, readEnvironment } from "../src/project.ts";
import type { ScratchProject } from "./scratch-project.ts";

/** Opens the `dev` environment of a scratch project in this process, to look at its ledger and its world. */
export function environmentOf(project: ScratchProject): OpenEnvironment {
  return openDev(project.root);
}

/** Opens the `dev` environment of the project in a folder. */
export function openDev(root: string): OpenEnvironment {
  const found = findProject(root);
  const { settings } = readEnvironment(found, "dev");
  return openEnvironment(settings, {
    cwd: found.stacks,
    ambient: { ...process.env, SLIPWAY_EMBEDDED_FSYNC: "off" },
    log: () => undefined,
  });
}
