import { runLocal } from "../local/run-local.ts";
import { text } from "../wire/check-inputs.ts";
import type { Properties } from "../wire/property-value.ts";
import { commonFields, localFields } from "./command-fields.ts";
import { openRun, stateOf } from "./command-run.ts";
import { verifyLocal } from "./local-command.ts";
import type { FunctionType, Operation } from "./operation.ts";

/** `command:local:run`: a command that is run by every preview and every update. */
export const localRun: FunctionType = {
  fields: { ...commonFields, ...localFields, command: { shape: text, required: true } },
  verify: verifyLocal,
  call: async (inputs: Properties, operation: Operation) =>
    stateOf(inputs, await runLocal(openRun(inputs.command, inputs), operation)),
};
