export { canonicalJson, compareCodePoints, type Json } from "./canonical-json.ts";
export { closestWord } from "./closest-word.ts";
export { digestOf, isDigest, sha256 } from "./digest.ts";
export { type ErrorCode, type ErrorCodeInfo, errorCodes } from "./error-codes.ts";
export { nameSome } from "./name-some.ts";
export { type Clock, type Random, systemClock } from "./ports.ts";
export { createRedactor, type Redactor } from "./redact.ts";
export { type ErrorDetails, isSlipwayError, renderError, SlipwayError } from "./slipway-error.ts";
export { combineVerdicts, type Verdict } from "./verdict.ts";
