export { type EvaluatedFlags, type FlagsHandlerOptions, flagsHandler } from "./flags-handler.ts";
