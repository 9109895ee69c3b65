export { type LocalTargetOptions, localTarget } from "./local/local-target.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  embeddedPostgres,
} from "./local/postgres/embedded-postgres.ts";
export { processIdentity } from "./local/processes/process-identity.ts";
export type {
  Backend,
  InstanceCounters,
  InstanceSpec,
  Route,
  RunningInstance,
  Target,
  TrafficState,
} from "./target.ts";
