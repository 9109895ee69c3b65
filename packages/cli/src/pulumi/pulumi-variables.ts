import { delimiter } from "node:path";
import { compileCacheFolder } from "@slipway/toolchain";

/** The variables that Pulumi gets beside the caller's own. */
export interface PulumiVariables {
  /** Folder of the CLI and the language host. */
  readonly binFolder: string;
  /** Folder of the Node to run programs with. */
  readonly nodeFolder: string;
}

/**
 * The environment of a Pulumi process. The passphrase defaults to the empty one: Slipway keeps no secret in
 * the state, and a team that does sets its own. `--continue-on-error` would run deletes after a failed step. What
 * Node compiles of the program and of Pulumi's library is kept: that is a quarter of what a run computes.
 */
export function pulumiVariables(
  ambient: Readonly<Record<string, string | undefined>>,
  { binFolder, nodeFolder }: PulumiVariables,
): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(ambient).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const hasPassphrase =
    own.PULUMI_CONFIG_PASSPHRASE !== undefined || own.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    ...own,
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: "" }),
    NODE_COMPILE_CACHE: own.NODE_COMPILE_CACHE ?? compileCacheFolder(own),
    PATH: [nodeFolder, binFolder, own.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_CONTINUE_ON_ERROR: "false",
  };
}
