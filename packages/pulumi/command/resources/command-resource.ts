import { diffInputs } from "../wire/diff-inputs.ts";
import { type Properties, reveal, UNKNOWN } from "../wire/property-value.ts";
import { openRun, stateOf } from "./command-run.ts";
import type { CommandResult, CommandRunner, Operation, ResourceType, UpdateRequest } from "./operation.ts";
import { uniqueId } from "./unique-id.ts";

/** Inputs that say how a command is reached, shown or undone, not what it does: their change alone runs nothing. */
const recordedOnly: ReadonlySet<string> = new Set([
  "delete",
  "connection",
  "logging",
  "addPreviousOutputInEnv",
]);

/** Whether a change of inputs runs the command again, or is only written to the state, as a new mark of secrecy is. */
export function runsAgain(oldInputs: Properties, inputs: Properties): boolean {
  const changed = diffInputs(reveal(oldInputs) as Properties, reveal(inputs) as Properties);
  return changed.some(({ input }) => !recordedOnly.has(input)) || otherMachine(oldInputs, inputs);
}

/** A connection to another machine is another place, where nothing has been run yet. */
export function otherMachine(oldInputs: Properties, inputs: Properties): boolean {
  const place = (from: Properties) => {
    const { host, port } = (reveal(from.connection) ?? {}) as Properties;
    return { host, port };
  };
  return diffInputs(place(oldInputs), place(inputs)).length > 0;
}

/** What a command resource does at each step of its life, wherever `run` runs it. */
export function commandResource(
  run: CommandRunner,
  describe: Pick<ResourceType, "fields" | "verify" | "restore">,
): ResourceType {
  const resultIn = async (state: Properties) => keptResult((await describe.restore?.(state)) ?? state);
  return {
    ...describe,

    async create(inputs, operation) {
      const id = uniqueId(nameOf(operation.urn));
      if (operation.preview) return { id, state: unknownOutput(inputs) };
      if (inputs.create === undefined) return { id, state: stateOf(inputs, { stdout: "", stderr: "" }) };
      return { id, state: stateOf(inputs, await run(openRun(inputs.create, inputs), operation)) };
    },

    async update({ state, oldInputs, inputs }: UpdateRequest, operation: Operation) {
      const command = inputs.update ?? inputs.create;
      const again = command !== undefined && runsAgain(oldInputs, inputs);
      if (!again) return stateOf(inputs, await resultIn(state));
      if (operation.preview) return unknownOutput(inputs, state);
      const result = await run(openRun(command, inputs, state), operation);
      return stateOf(inputs, { ...(await resultIn(state)), ...result });
    },

    async delete(state, operation) {
      if (state.delete === undefined) return;
      const { stdout: _stdout, stderr: _stderr, assets: _assets, archive: _archive, ...inputs } = state;
      await run(openRun(state.delete, inputs, state), operation);
    },
  };
}

/** The state that a preview foresees: everything that the command hands over is not known yet. */
function unknownOutput(inputs: Properties, state: Properties = {}): Properties {
  return {
    ...stateOf(inputs, { stdout: UNKNOWN, stderr: UNKNOWN }),
    ...((inputs.assetPaths ?? state.assets) !== undefined && { assets: UNKNOWN }),
    ...((inputs.archivePaths ?? state.archive) !== undefined && { archive: UNKNOWN }),
  };
}

/** What the last run left in the state. Files it handed over stay until a run hands over others. */
function keptResult(state: Properties): CommandResult {
  const { stdout = "", stderr = "" } = reveal(state) as { stdout?: string; stderr?: string };
  const { assets, archive } = state as { assets?: Properties; archive?: Properties };
  return { stdout, stderr, ...(assets && { assets }), ...(archive && { archive }) };
}

/** A resource's name: the last part of its URN. */
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
