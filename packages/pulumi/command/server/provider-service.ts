import { type handleUnaryCall, type ServerUnaryCall, status } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { EngineLog } from "../../plugin/engine-log.ts";
import type { Operation } from "../resources/operation.ts";
import { type CheckFailure, checkInputs, type Fields } from "../wire/check-inputs.ts";
import { diffInputs } from "../wire/diff-inputs.ts";
import type { Properties } from "../wire/property-value.ts";
import { readStruct, writeDiff, writeFailures, writeStruct } from "./messages.ts";
import { functionTypeOf, resourceTypeOf } from "./resource-types.ts";
import type { RunningOperations } from "./running-operations.ts";
import { secretRedactor } from "./secret-redactor.ts";

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
  /** Answers one call, with errors free of the secrets among `given`. */
  const operate = <Response>(
    call: Call,
    about: { urn: string; preview: boolean; timeoutSeconds: number; given: readonly Properties[] },
    work: (operation: Operation) => Promise<Response>,
  ): Promise<Response> => {
    const redact = secretRedactor(...about.given);
    const limits = {
      timeoutSeconds: about.timeoutSeconds,
      onGone: (gone: () => void) => void call.on("cancelled", gone),
    };
    const { urn, preview } = about;
    return operations
      .run(limits, (signal) => work({ urn, preview, signal, redact, log: engine.log }))
      .catch((error: unknown) => {
        throw new Error(redact(error instanceof Error ? error.message : String(error)));
      });
  };

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
      const { before } = inputsBefore(request);
      return writeDiff(diffInputs(before, readStruct(request.getNews())));
    }),

    create: answer((request, call) => {
      const inputs = readStruct(request.getProperties());
      const about = {
        urn: request.getUrn(),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      };
      return operate(call, { ...about, given: [inputs] }, async (operation) => {
        const { id, state } = await (await resourceTypeOf(about.urn)).create(inputs, operation);
        const response = new provider.CreateResponse();
        response.setId(id);
        response.setProperties(writeStruct(state));
        return response;
      });
    }),

    update: answer((request, call) => {
      const { before: oldInputs, state } = inputsBefore(request);
      const inputs = readStruct(request.getNews());
      const about = {
        urn: request.getUrn(),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      };
      return operate(call, { ...about, given: [inputs, state] }, async (operation) => {
        const changes = diffInputs(oldInputs, inputs);
        const type = await resourceTypeOf(about.urn);
        const response = new provider.UpdateResponse();
        response.setProperties(
          writeStruct(await type.update({ state, oldInputs, inputs, changes }, operation)),
        );
        return response;
      });
    }),

    delete: answer((request, call) => {
      const state = readStruct(request.getProperties());
      const about = {
        urn: request.getUrn(),
        preview: false,
        timeoutSeconds: request.getTimeout(),
        given: [state],
      };
      return operate(call, about, async (operation) => {
        await (await resourceTypeOf(about.urn)).delete(state, operation);
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
      return operate(call, about, async (operation) => {
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

type Call = Pick<ServerUnaryCall<unknown, unknown>, "on">;

/** Makes a method of an asynchronous function; a rejection becomes the error that the engine shows. */
function answer<Request, Response>(
  work: (request: Request, call: Call) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request, call).then(
      (response) => callback(null, response),
      (error: Error) => callback({ code: status.UNKNOWN, details: error.message.toWellFormed() }),
    );
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

interface BeforeAndAfter {
  getOlds(): Parameters<typeof readStruct>[0];
  getOldInputs(): Parameters<typeof readStruct>[0];
}

/** The last inputs, and the state. */
function inputsBefore(request: BeforeAndAfter): { before: Properties; state: Properties } {
  return { before: readStruct(request.getOldInputs()), state: readStruct(request.getOlds()) };
}
