import {
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import type { FlagClient } from "../client/flag-client.ts";
import type { FlagContext } from "../evaluate/flag-context.ts";
import { resolve } from "./resolution.ts";

/**
 * An OpenFeature provider for servers. It is ready when the client is, stale when the store is away, and closes the
 * client when OpenFeature closes it. OpenFeature's own client costs far more per call than the evaluation.
 *
 * @param maxWaitMs how long initializing waits for the store.
 * @example
 * await OpenFeature.setProviderAndWait(openFeatureProvider(flags));
 */
export function openFeatureProvider(flags: FlagClient, maxWaitMs = 1_500): Provider {
  const events = new OpenFeatureEventEmitter();
  let unsubscribe = () => {};
  let said: "ready" | "stale" | "error" = "ready";
  const say = (next: typeof said) => {
    const message = flags.status().problem?.message ?? next;
    if (next === said) return;
    said = next;
    if (next === "ready") events.emit(ProviderEvents.Ready);
    else events.emit(ProviderEvents.Stale, { message });
  };
  // OpenFeature's types say less than its contract: the codes are texts there, an enum here.
  const answer = <T>(key: string, fallback: T, context: unknown) =>
    Promise.resolve(resolve(flags, key, fallback, context as FlagContext) as ResolutionDetails<T>);
  return {
    metadata: { name: "slipway" },
    runsOn: "server",
    events,
    async initialize() {
      await flags.ready(maxWaitMs);
      // From here on: until initializing has ended, OpenFeature would take whatever we say back.
      unsubscribe = flags.subscribe((event) => {
        if (event.kind === "applied")
          events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...event.changed] });
        if (event.kind === "overridden")
          events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...event.keys] });
        if (event.kind === "fresh" || (event.kind === "applied" && event.origin === "store")) say("ready");
        if (event.kind === "stale") say("stale");
      });
      const { state, problem } = flags.status();
      if (state === "NOT_READY") {
        // Declared safe values are served all the same, and Ready follows when the store answers.
        said = "error";
        throw new Error(problem?.message ?? "no flags are known yet");
      }
      // After OpenFeature has noted that initializing ended, which it takes for ready.
      if (state === "STALE") setTimeout(() => say("stale"), 0);
    },
    async onClose() {
      unsubscribe();
      await flags.close();
    },
    resolveBooleanEvaluation: (key, fallback, context) => answer(key, fallback, context),
    resolveStringEvaluation: (key, fallback, context) => answer(key, fallback, context),
    resolveNumberEvaluation: (key, fallback, context) => answer(key, fallback, context),
    resolveObjectEvaluation: <T extends JsonValue>(key: string, fallback: T, context: unknown) =>
      answer(key, fallback, context),
  };
}
