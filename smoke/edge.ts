export { type SmokeHandlerOptions, smokeHandler } from "./src/edge/smoke-handler.ts";
