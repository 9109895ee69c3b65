import { SlipwayError } from "@slipway/kernel";
import { portOwner } from "./processes/port-owner.ts";

/** The refusal for a port that somebody else listens on, with who that is where it can be seen. */
export function portInUse(port: number, todo?: string): SlipwayError {
  const owner = portOwner(port);
  const why =
    owner === null
      ? "another process listens there"
      : `process ${owner.pid} (${owner.command}) listens there`;
  return new SlipwayError("PORT_IN_USE", {
    what: `Cannot use port ${port}`,
    why,
    ...(todo === undefined ? {} : { todo }),
  });
}
