import { homedir } from "node:os";
import { join } from "node:path";
import { versions } from "../versions.ts";

/** Where npm's launcher `pulumi` keeps the CLI: `$PULUMI_HOME/versions/<version>/bin`. */
export function pulumiBinFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions", versions.pulumi, "bin");
}

const suffix = process.platform === "win32" ? ".exe" : "";

/** The programs that a usable Pulumi consists of. */
export const PULUMI: string = `pulumi${suffix}`;
export const LANGUAGE_HOST: string = `pulumi-language-nodejs${suffix}`;
