import type { Suite } from "./suite.ts";

/**
 * Declares a suite in TypeScript, with completion and type checks in the editor.
 *
 * @example
 * export default defineSmoke({
 *   services: { api: { address: "http://127.0.0.1:3000" } },
 *   checks: [{ service: "api", path: "/healthz", expect: { health: true } }],
 * });
 */
export function defineSmoke(suite: Suite): Suite {
  return suite;
}
