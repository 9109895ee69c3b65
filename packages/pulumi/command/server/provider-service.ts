// One method of the protocol after the other, each a few lines: longer than other files, and nothing to tell apart.
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { EngineLog } from "../../plugin/engine-log.ts";
import { type CheckFailure, checkInputs, type Fields } from "../wire/check-inputs.ts";
import { diffInputs } from "../wire/diff-inputs.ts";
import type { Properties } from "../wire/property-value.ts";
import { type About, answer, operate } from "./answer.ts";
import { readStruct, writeDiff, writeFailures, writeStruct } from "./messages.ts";
import { functionTypeOf, resourceTypeOf } from "./resource-types.ts";
import type { RunningOperations } from "./running-operations.ts";

/** The release of `@pulumi/command` that this plugin stands in for. */
export const VERSION = "1.2.1";

export interface ServiceOptions {
  readonly operations: RunningOperations;
  /** The engine to talk to. Changes when the engine attaches to a plugin that was started by hand. */
  readonly engine: { log: EngineLog };
  readonly attach: (address: string) => EngineLog;
}

/**
 * The methods that the engine calls. Served directly, without the SDK's own server: that one keeps timeouts,
 * previews of create and update, and the end of a call to itself. Methods left out answer "unimplemented".
 */
export function providerService({
  operations,
  engine,
  attach,
}: ServiceOptions): Partial<IResourceProviderServer> {
  const server = { operations, engine };
  return {
    getPluginInfo: answer(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),

    getSchema: answer(async () => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: "command", version: VERSION }));
      return response;
    }),

    attach: answer(async (request) => {
      engine.log = attach(request.getAddress());
      return new empty.Empty();
    }),

    configure: answer(async () => {
      const response = new provider.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setSupportspreview(true);
      return response;
    }),

    check: answer(async (request) => {
      const type = await resourceTypeOf(request.getUrn());
      const { inputs, failures } = check(type, readStruct(request.getNews()));
      const response = new provider.CheckResponse();
      response.setInputs(writeStruct(inputs));
      response.setFailuresList(writeFailures(failures));
      return response;
    }),

    diff: answer(async (request) => {
      return writeDiff(diffInputs(readStruct(request.getOldInputs()), readStruct(request.getNews())));
    }),

    create: answer((request, call) => {
      const inputs = readStruct(request.getProperties());
      return operate(server, call, about(request, inputs), async (operation) => {
        const { id, state } = await (await resourceTypeOf(request.getUrn())).create(inputs, operation);
        const response = new provider.CreateResponse();
        response.setId(id);
        response.setProperties(writeStruct(state));
        return response;
      });
    }),

    update: answer((request, call) => {
      const [state, oldInputs] = [readStruct(request.getOlds()), readStruct(request.getOldInputs())];
      const inputs = readStruct(request.getNews());
      return operate(server, call, about(request, inputs, state), async (operation) => {
        const type = await resourceTypeOf(request.getUrn());
        const response = new provider.UpdateResponse();
        response.setProperties(writeStruct(await type.update({ state, oldInputs, inputs }, operation)));
        return response;
      });
    }),

    delete: answer((request, call) => {
      const state = readStruct(request.getProperties());
      return operate(server, call, about(request, state), async (operation) => {
        await (await resourceTypeOf(request.getUrn())).delete(state, operation);
        return new empty.Empty();
      });
    }),

    read: answer(async (request) => {
      // A command has no counterpart that could be looked at: what the state says stands.
      const { restore } = await resourceTypeOf(request.getUrn());
      const state = request.getProperties();
      const response = new provider.ReadResponse();
      response.setId(request.getId());
      response.setProperties(restore ? writeStruct(await restore(readStruct(state))) : state);
      response.setInputs(request.getInputs());
      return response;
    }),

    invoke: answer((request, call) => {
      const given = readStruct(request.getArgs());
      const about = { urn: "", preview: request.getPreview(), timeoutSeconds: 0, given: [given] };
      return operate(server, call, about, async (operation) => {
        const type = functionTypeOf(request.getTok());
        const { inputs, failures } = check(type, given);
        const response = new provider.InvokeResponse();
        response.setFailuresList(writeFailures(failures));
        if (failures.length === 0) response.setReturn(writeStruct(await type.call(inputs, operation)));
        return response;
      });
    }),

    cancel: answer(async () => {
      await operations.cancelAll();
      return new empty.Empty();
    }),
  };
}

interface Checkable {
  readonly fields: Fields;
  readonly verify?: (inputs: Properties) => CheckFailure[];
}

function check({ fields, verify }: Checkable, given: Properties) {
  const { inputs, failures } = checkInputs(fields, given);
  return { inputs, failures: failures.length === 0 ? (verify?.(inputs) ?? []) : failures };
}

interface ResourceRequest {
  getUrn(): string;
  /** Deletes have no preview. */
  getPreview?(): boolean;
  getTimeout(): number;
}

const about = (request: ResourceRequest, ...given: Properties[]): About => ({
  urn: request.getUrn(),
  preview: request.getPreview?.() ?? false,
  timeoutSeconds: request.getTimeout(),
  given,
});
