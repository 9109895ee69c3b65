import { connectionField, verifyConnection } from "../remote/connection.ts";
import { runRemote } from "../remote/run-remote.ts";
import { commonFields, lifecycleFields, verifyVariableNames } from "./command-fields.ts";
import { commandResource } from "./command-resource.ts";

/** `command:remote:Command`: a command on another machine, over SSH. */
export const remoteCommand = commandResource(runRemote, {
  fields: { ...commonFields, ...lifecycleFields, connection: connectionField },
  verify: (inputs) => [
    ...verifyConnection(inputs),
    ...verifyVariableNames(
      inputs,
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      "a shell takes letters, digits and _ in a variable's name",
    ),
  ],
});
