import { escapeLiteral } from "pg";
import { sizesSql } from "../estimate/table-sizes.ts";
import type { WorkUnit } from "./work-unit.ts";

type Noted = Pick<WorkUnit, "id" | "direction" | "worksOn">;

/**
 * The call that notes that a unit begins, with the sizes of the tables that it works on, before they change.
 *
 * @param resumed whether an earlier run began it: then its time is not kept.
 */
export function noteBegin({ id, direction, worksOn }: Noted, resumed: boolean): string {
  const sizes = worksOn.length === 0 ? "'[]'" : sizesSql(worksOn);
  return `select slipway.begin_duration(${escapeLiteral(id)}, ${escapeLiteral(direction)}, ${sizes}, ${resumed})`;
}

/** The call that keeps how long it took, in the transaction of the unit's row. */
export function noteEnd(
  { id, direction }: Pick<WorkUnit, "id" | "direction">,
  sha256: string | null,
): string {
  const sha = sha256 === null ? "null" : escapeLiteral(sha256);
  return `select slipway.keep_duration(${escapeLiteral(id)}, ${escapeLiteral(direction)}, ${sha})`;
}
