import type { EngineLogSeverity } from "../../plugin/engine-log.ts";
import type { CommandRun, Operation } from "../resources/operation.ts";

/** An operation whose messages can be read, for tests. */
export interface FakeOperation extends Operation {
  readonly messages: { severity: EngineLogSeverity; message: string }[];
}

export function fakeOperation(overrides: Partial<Operation> = {}): FakeOperation {
  const messages: FakeOperation["messages"] = [];
  return {
    urn: "urn:pulumi:dev::shop::command:local:Command::step",
    preview: false,
    signal: new AbortController().signal,
    redact: (text) => text,
    log: {
      log: async (severity, message) => void messages.push({ severity, message }),
      close: () => {},
    },
    messages,
    ...overrides,
  };
}

/** A command with nothing but its text, unless said otherwise. */
export function plainRun(command: string, overrides: Partial<CommandRun> = {}): CommandRun {
  return {
    command,
    inputs: {},
    environment: {},
    stdin: undefined,
    logging: undefined,
    secretive: false,
    previous: undefined,
    ...overrides,
  };
}
