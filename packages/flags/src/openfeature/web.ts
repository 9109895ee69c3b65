import {
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
} from "@openfeature/web-sdk";
import type { BrowserFlags } from "../browser/browser-flags.ts";
import { type Resolution, sameType } from "./resolution.ts";

/**
 * An OpenFeature provider for pages, over flags that the edge evaluated. A changed context is asked for anew, and
 * OpenFeature says RECONCILING meanwhile.
 *
 * @example
 * await OpenFeature.setProviderAndWait(openFeatureWebProvider(browserFlags({ url: "/flags" })), { plan: "pro" });
 */
export function openFeatureWebProvider(flags: BrowserFlags): Provider {
  const events = new OpenFeatureEventEmitter();
  let unsubscribe = () => {};
  const answer = <T>(key: string, fallback: T) => resolveKnown(flags, key, fallback) as ResolutionDetails<T>;
  return {
    metadata: { name: "slipway" },
    runsOn: "client",
    events,
    async initialize(context = {}) {
      unsubscribe = flags.subscribe((changed) =>
        events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...changed] }),
      );
      if (!(await flags.identify(context))) throw new Error("the flags' handler does not answer");
    },
    async onContextChange(_, context) {
      if (!(await flags.identify(context))) throw new Error("the flags' handler does not answer");
    },
    async onClose() {
      unsubscribe();
      flags.close();
    },
    resolveBooleanEvaluation: (key, fallback) => answer(key, fallback),
    resolveStringEvaluation: (key, fallback) => answer(key, fallback),
    resolveNumberEvaluation: (key, fallback) => answer(key, fallback),
    resolveObjectEvaluation: <T extends JsonValue>(key: string, fallback: T) => answer(key, fallback),
  };
}

/** Why a flag has its value stays at the edge; here it is the answer that was kept. */
function resolveKnown<T>(flags: BrowserFlags, key: string, fallback: T): Resolution<T> {
  const found = flags.get(key);
  if (found === undefined) {
    const errorMessage = `flag ${key} not found`;
    return { value: fallback, reason: "ERROR", errorCode: "FLAG_NOT_FOUND", errorMessage };
  }
  const [value, variant] = found;
  if (!sameType(value, fallback)) {
    const errorMessage = `flag ${key} is no ${typeof fallback}`;
    return { value: fallback, reason: "ERROR", errorCode: "TYPE_MISMATCH", errorMessage };
  }
  return { value: value as T, reason: "CACHED", ...(variant === undefined ? {} : { variant }) };
}
