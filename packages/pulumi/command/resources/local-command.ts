import { restoreFiles } from "../local/restore-files.ts";
import { runLocal } from "../local/run-local.ts";
import { commonFields, lifecycleFields, localFields, verifyVariableNames } from "./command-fields.ts";
import { commandResource } from "./command-resource.ts";

/** `command:local:Command`: a command on the machine that runs Pulumi. */
export const localCommand = commandResource(runLocal, {
  fields: { ...commonFields, ...lifecycleFields, ...localFields },
  verify: verifyLocal,
  restore: restoreFiles,
});

/** What fields cannot say of a command on this machine. */
export function verifyLocal(inputs: Parameters<typeof verifyVariableNames>[0]) {
  return verifyVariableNames(inputs, /^[^=\0]+$/, "a variable's name cannot be empty or hold a =");
}
