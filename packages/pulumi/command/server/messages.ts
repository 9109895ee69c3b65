import provider from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { CheckFailure } from "../wire/check-inputs.ts";
import type { InputChange } from "../wire/diff-inputs.ts";
import { type Properties, withoutNulls } from "../wire/property-value.ts";

type Struct = InstanceType<typeof struct.Struct>;

/** Properties as a message carries them; an absent message is an empty set. */
export function readStruct(message: Struct | undefined): Properties {
  return withoutNulls((message?.toJavaScript() ?? {}) as Properties);
}

export function writeStruct(properties: Properties): Struct {
  return struct.Struct.fromJavaScript(
    withoutNulls(properties) as Parameters<typeof struct.Struct.fromJavaScript>[0],
  );
}

export function writeFailures(failures: readonly CheckFailure[]) {
  return failures.map(({ property, reason }) => {
    const failure = new provider.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

const kinds = {
  add: [provider.PropertyDiff.Kind.ADD, provider.PropertyDiff.Kind.ADD_REPLACE],
  delete: [provider.PropertyDiff.Kind.DELETE, provider.PropertyDiff.Kind.DELETE_REPLACE],
  update: [provider.PropertyDiff.Kind.UPDATE, provider.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** The answer to `diff`: every changed path, of which those below `triggers` replace the resource. */
export function writeDiff(changes: readonly InputChange[]) {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const { path, kind, input } of changes) {
    const replaces = input === "triggers";
    const difference = new provider.PropertyDiff();
    difference.setKind(kinds[kind][replaces ? 1 : 0]);
    response.getDetaileddiffMap().set(path, difference);
    if (!response.getDiffsList().includes(input)) response.addDiffs(input);
    if (replaces && !response.getReplacesList().includes(input)) response.addReplaces(input);
  }
  return response;
}
