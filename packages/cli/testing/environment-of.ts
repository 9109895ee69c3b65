import { type OpenEnvironment, openEnvironment } from "@slipway/environment";
import { findProject, readEnvironment } from "../src/project.ts";
import type { ScratchProject } from "./scratch-project.ts";

/** Opens the `dev` environment of a scratch project in this process, to look at its ledger and its world. */
export function environmentOf(project: ScratchProject): OpenEnvironment {
  const found = findProject(project.root);
  const { settings } = readEnvironment(found, "dev");
  return openEnvironment(settings, {
    cwd: found.stacks,
    ambient: { SLIPWAY_EMBEDDED_FSYNC: "off" },
    log: () => undefined,
  });
}
