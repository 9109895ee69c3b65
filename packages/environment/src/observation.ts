import type { Flag } from "@slipway/flags";
import type { LedgerSnapshot } from "@slipway/ledger";
import type { RunningInstance, TrafficState } from "@slipway/targets";

/** What the ledger says and what the world shows, read in one go; the plan is made from nothing else. */
export interface Observation {
  /** `absent`: the embedded database was never made, so there is nothing to converge from. */
  readonly database: "absent" | "ready";
  readonly ledger: LedgerSnapshot;
  /** The environment's flags as the ledger has them, archived ones too; by key. */
  readonly flags: readonly Flag[];
  readonly instances: readonly RunningInstance[];
  readonly traffic: TrafficState;
}
