import { connectionField, openConnection, verifyConnection } from "../remote/connection.ts";
import { copyRemote } from "../remote/copy-remote.ts";
import type { Source } from "../remote/copy-tree.ts";
import { type CheckFailure, text } from "../wire/check-inputs.ts";
import { diffInputs } from "../wire/diff-inputs.ts";
import { isArchive, isAsset, type Properties, reveal } from "../wire/property-value.ts";
import { otherMachine } from "./command-resource.ts";
import type { ResourceType } from "./operation.ts";
import { uniqueId } from "./unique-id.ts";

/** `command:remote:CopyToRemote`: a file, a folder or a text on another machine. Its deletion leaves the copy there. */
export const copyToRemote: ResourceType = {
  fields: {
    connection: connectionField,
    triggers: { shape: { kind: "list", of: { kind: "any" } } },
    source: { shape: { kind: "asset" }, required: true },
    remotePath: { shape: text, required: true },
  },
  verify: (inputs) => [...verifyConnection(inputs), ...verifySource(inputs)],

  async create(inputs, operation) {
    if (operation.preview) return { id: "", state: inputs };
    await copy(inputs, operation);
    return { id: uniqueId(""), state: inputs };
  },

  async update({ inputs, oldInputs }, operation) {
    const what = ({ source, remotePath }: Properties) => reveal({ source, remotePath }) as Properties;
    const changed = diffInputs(what(oldInputs), what(inputs)).length > 0;
    if (!operation.preview && (changed || otherMachine(oldInputs, inputs))) await copy(inputs, operation);
    return inputs;
  },

  async delete() {},
};

function verifySource(inputs: Properties): CheckFailure[] {
  const source: unknown = reveal(inputs.source);
  if (isArchive(source)) {
    return source.path
      ? []
      : [{ property: "archive", reason: "archive must be a path to a file or directory" }];
  }
  const elsewhere = isAsset(source) && !source.path && Boolean(source.uri);
  return elsewhere
    ? [{ property: "asset", reason: "asset must be a path-based file asset or a text asset" }]
    : [];
}

const copy = (inputs: Properties, operation: Parameters<ResourceType["create"]>[1]) => {
  const { source, remotePath } = reveal(inputs) as {
    source: { path?: string; text?: string };
    remotePath: string;
  };
  const from: Source = source.path ? { path: source.path } : { text: source.text ?? "" };
  return copyRemote(openConnection(inputs), from, remotePath, operation);
};
